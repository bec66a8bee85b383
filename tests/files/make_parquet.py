"""Makes the small Parquet and Arrow files of the tests, and what must be read from them.

usage: python make_parquet.py        (needs pyarrow and polars; writes parquet/ beside itself)

Every file holds the same table. `expected.json` has each column as texts (codes view) and as numbers, null where missing.
"""
import datetime, decimal, json, pathlib
import polars as pl
import pyarrow as pa, pyarrow.ipc, pyarrow.parquet as pq

here = pathlib.Path(__file__).parent / "parquet"
here.mkdir(exist_ok=True)
N = 320
D = decimal.Decimal


def some(place, step, value):
    """The value, or nothing in every `step`th place."""
    return None if place % step == step - 1 else value


answers = ["Yes", "No", "Don't know", "", "Ja, natürlich"]
columns = {
    "id": [1000 + 7 * k for k in range(N)],
    "long_id": [some(k, 11, 2**53 + k) for k in range(N)],
    "answer": [some(k, 9, answers[(k * k) % 5]) for k in range(N)],
    "name": [f"respondent-{k:04d}-of-wave-{k % 3}" for k in range(N)],
    "weight": [some(k, 50, 0.5 + (k * 37 % 101) / 64) for k in range(N)],
    "small": [some(k, 4, k % 12 - 3) for k in range(N)],
    "flag": [some(k, 7, k % 3 == 0) for k in range(N)],
    "day": [some(k, 13, datetime.date(2023, 6, 1) + datetime.timedelta(k)) for k in range(N)],
    "at": [some(k, 17, datetime.datetime(2023, 6, 1, 8, 30) + datetime.timedelta(minutes=k, milliseconds=250 * (k % 4)))
           for k in range(N)],
    "price": [some(k, 6, D(k * 25 - 300).scaleb(-2)) for k in range(N)],
    "large": [some(k, 5, D(10) ** 20 + D(k).scaleb(-3)) for k in range(N)],
    "nothing": [None] * N,
}
schema = pa.schema([
    pa.field("id", pa.int64(), nullable=False), ("long_id", pa.int64()), ("answer", pa.string()), ("name", pa.string()),
    ("weight", pa.float64()), ("small", pa.int32()), ("flag", pa.bool_()), ("day", pa.date32()), ("at", pa.timestamp("us")),
    ("price", pa.decimal128(10, 2)), ("large", pa.decimal128(30, 3)), ("nothing", pa.string()),
])
table = pa.table(columns, schema=schema)
epoch = datetime.datetime(1970, 1, 1)


def text(value):
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.datetime):
        whole = value.strftime("%Y-%m-%dT%H:%M:%S")
        return whole + (f".{value.microsecond // 1000:03d}" if value.microsecond else "")
    if isinstance(value, (float, D)):
        digits = f"{value:f}"
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    return str(value)


def number(value):
    if isinstance(value, datetime.datetime):
        return (value - epoch).total_seconds()
    if isinstance(value, datetime.date):
        return (value - epoch.date()).days
    return None if value is None or isinstance(value, str) else float(value)


def expect(file, columns):
    words = lambda values: all(v is None or isinstance(v, str) for v in values)
    (here / file).write_text(json.dumps({
        name: {"texts": [text(v) for v in values], "numbers": None if words(values) else [number(v) for v in values]}
        for name, values in columns.items()}, ensure_ascii=False) + "\n")


expect("expected.json", columns)

ints, texts = ["id", "long_id", "small", "day", "at"], ["answer", "name", "nothing"]
delta = {c: "DELTA_BINARY_PACKED" for c in ints} | {"answer": "DELTA_LENGTH_BYTE_ARRAY", "name": "DELTA_BYTE_ARRAY",
         "large": "DELTA_BYTE_ARRAY", "price": "DELTA_BYTE_ARRAY", "flag": "RLE"}
split = {"weight": "BYTE_STREAM_SPLIT", "id": "BYTE_STREAM_SPLIT", "small": "BYTE_STREAM_SPLIT",
         "large": "BYTE_STREAM_SPLIT"}
files = {
    "v1_snappy": dict(compression="snappy"),
    "v2_brotli": dict(data_page_version="2.0", compression="brotli"),
    "v2_lz4_small_pages": dict(data_page_version="2.0", compression="lz4", data_page_size=300, write_batch_size=40),
    "v1_gzip_plain": dict(use_dictionary=False, compression="gzip", data_page_size=700, write_batch_size=50),
    # the dictionary overflows after some pages, the rest is plain
    "v1_zstd_overflow": dict(compression="zstd", dictionary_pagesize_limit=400, data_page_size=300, write_batch_size=40,
                             row_group_size=200),
    "v2_delta": dict(data_page_version="2.0", use_dictionary=False, column_encoding=delta, compression="none",
                     data_page_size=900, write_batch_size=64),
    "v1_delta_split": dict(use_dictionary=False, column_encoding=delta | split, compression="zstd", row_group_size=150),
    "v1_int96_decimal_ints": dict(use_deprecated_int96_timestamps=True, store_decimal_as_integer=True,
                                  compression="none", store_schema=False),
    "v1_int96_plain": dict(use_deprecated_int96_timestamps=True, use_dictionary=False, compression="snappy"),
    "v1_millis": dict(version="1.0", coerce_timestamps="ms", compression="none"),
}
for name, options in files.items():
    pq.write_table(table, here / f"{name}.parquet", **options)

# columns that can't be read beside one that can
nested = pa.table({"id": pa.array([1, 2], pa.int64()), "list": [[1], [2, 3]], "pair": [{"a": 1, "b": "x"}] * 2,
                   "after": ["x", "y"]})
pq.write_table(nested, here / "nested.parquet")
halves = pa.table({"half": pa.array([1.5, None, float("nan")], pa.float16()), "time": pa.array([datetime.time(8, 30), None,
                   datetime.time(23, 59, 59, 250000)], pa.time64("us")), "u32": pa.array([2**32 - 1, 0, None], pa.uint32()),
                   "u64": pa.array([2**64 - 1, 5, None], pa.uint64()), "f32": pa.array([0.5, None, -0.0], pa.float32()),
                   "fixed": pa.array([b"abc", None, b"xyz"], pa.binary(3))})
pq.write_table(halves, here / "rare.parquet")
# the same as Arrow files, categories with ids of several widths, a codebook in the schema
coded = table.set_column(2, "answer", table["answer"].dictionary_encode().cast(pa.dictionary(pa.int8(), pa.string())))
coded = coded.set_column(3, "name", table["name"].dictionary_encode())
coded = coded.set_column(5, "small", table["small"].dictionary_encode())
note = {"version": 1, "title": "A table", "variables": [{"name": "small", "label": "Small", "missing": [-3]}]}
for name, found, compression in [("plain", table, None), ("coded_lz4", coded, "lz4"), ("coded_zstd", coded, "zstd")]:
    found = found.unify_dictionaries().replace_schema_metadata({"opine.codebook": json.dumps(note)})
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.OSFile(str(here / f"{name}.arrow"), "wb") as file, pa.ipc.new_file(file, found.schema, options=options) as out:
        out.write_table(found, max_chunksize=150)
# the types and pages of polars: rows of several groups, pages smaller than a group
M = 420
columns = {
    "stratum": [some(k, 7, k * k % 11) for k in range(M)],
    "small": [some(k, 5, k * k % 11 - 5) for k in range(M)],
    "id": [k * k % 100_003 for k in range(M)],
    "weight": [some(k, 7, (k * 7919 % 10_007) / 64) for k in range(M)],
    "short": [some(k, 9, (k * 31 % 97) / 8) for k in range(M)],
    "day": [some(k, 7, datetime.date(1999, 12, 30) + datetime.timedelta(k * k % 9000)) for k in range(M)],
    "at": [some(k, 7, epoch + datetime.timedelta(milliseconds=250 * (k * k % 1_000_003))) for k in range(M)],
    "answer": [some(k, 7, f"level {k * k % 5}") for k in range(M)],
    "category": [some(k, 3, f"level {k * k % 5}") for k in range(M)],
    "place": [some(k, 7, f"level {k * k % 997}") for k in range(M)],
    "flag": [some(k, 7, k % 3 == 0) for k in range(M)],
}
expect("expected_polars.json", columns)
types = {"small": pl.Int8, "short": pl.Float32, "at": pl.Datetime("ms"), "category": pl.Categorical}
frame = pl.DataFrame(columns).with_columns(pl.col(name).cast(dtype) for name, dtype in types.items())
for name, compression, group, page in [("groups", "zstd", 170, 1 << 20), ("pages", "uncompressed", M, 300), ("both", "lz4", 64, 500)]:
    frame.write_parquet(here / f"polars_{name}.parquet", compression=compression, row_group_size=group, data_page_size=page)
for compression in ["uncompressed", "lz4", "zstd"]:
    frame.write_ipc(here / f"polars_{compression}.arrow", compression=compression)
# small files of two row groups or record batches, in which every byte is changed
few = pa.table({"x": pa.array([float(k) for k in range(40)]), "s": pa.array(["a", "bb", "c", "a"] * 10),
                "k": pa.array([some(k, 5, k) for k in range(40)], pa.int64())})
pq.write_table(few, here / "groups_plain.parquet", row_group_size=20, compression="none", use_dictionary=False, write_statistics=False,
               store_schema=False)
pq.write_table(few, here / "groups_v2.parquet", row_group_size=20, compression="zstd", data_page_version="2.0", write_statistics=False,
               store_schema=False)
for compression in [None, "lz4"]:
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.OSFile(str(here / f"batches_{compression or 'plain'}.arrow"), "wb") as file, pa.ipc.new_file(file, few.schema, options=options) as out:
        out.write_table(few, max_chunksize=20)
print(sum(p.stat().st_size for p in here.iterdir()), "bytes")
