# R's survey on a file of a million respondents raked to four margins, in seconds of CPU, reading apart.
# Rscript benches/peers_weighting.R FILE.csv TARGETS.csv
suppressMessages(library(survey))
a <- commandArgs(TRUE)
targets <- read.csv(a[2], stringsAsFactors = FALSE)
names <- unique(targets$variable)
keep <- c(names, "weight")
df <- if (requireNamespace("data.table", quietly = TRUE)) {
  as.data.frame(data.table::fread(a[1], select = keep, stringsAsFactors = TRUE))
} else {
  read.csv(a[1], stringsAsFactors = TRUE)[keep]
}
d <- svydesign(id = ~1, weights = ~weight, data = df)
margin <- function(v) {
  own <- targets[targets$variable == v, ]
  setNames(data.frame(own$level, own$target), c(v, "Freq"))
}
formulas <- lapply(names, function(v) as.formula(paste0("~", v)))
total <- sum(targets$target[targets$variable == names[1]])
used <- function(f) { t <- proc.time(); f(); t <- proc.time() - t; t[[1]] + t[[2]] }
took <- used(function() rake(d, formulas, lapply(names, margin),
                             control = list(maxit = 200, epsilon = 1e-10 * total)))
cat("survey", as.character(packageVersion("survey")), "rake:", round(took, 2), "s of CPU\n")
