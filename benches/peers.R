# The tasks of peers.sh in R's survey: seconds of CPU and of the clock for each, reading apart.
# usage: Rscript peers.R FILE.csv TASK...
suppressMessages(library(survey))
asked <- commandArgs(TRUE)
say <- function(task, used) cat(sprintf("survey %s %.3f %.3f\n", task, sum(used[c(1, 2, 4, 5)], na.rm = TRUE), used[3]))
say("load", system.time(
  people <- as.data.frame(data.table::fread(asked[1], na.strings = "", stringsAsFactors = TRUE))
))
replicated <- any(grepl("^rw", names(people)))
design <- if (replicated) {
  svrepdesign(weights = ~weight, repweights = "^rw", type = "BRR", data = people)
} else {
  svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = people)
}
items <- lapply(paste0("~q", 1:10), as.formula)
tasks <- list(
  prop10 = function() lapply(items, svymean, design, na.rm = TRUE),
  prop10_by = function() lapply(items, svyby, ~region + age, design, svymean, na.rm = TRUE),
  mean_by = function() svyby(~therm_us, ~region, design, svymean),
  median_by = function() svyby(~therm_us, ~region, design, svyquantile, quantiles = 0.5, ci = TRUE),
  replicates = function() svyby(~therm_us, ~region, design, svymean)
)
for (task in asked[-1]) say(task, system.time(tasks[[task]]()))
