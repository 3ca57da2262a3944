# Rscript read_in_r.R FORMAT FOLDER TABLE: prints a table as R reads it, a line for each row: whole numbers in full, a
# number with its shortest 17 digits, NA for what is missing.
given <- commandArgs(trailingOnly = TRUE)
format <- given[1]
file <- function(ending) file.path(given[2], paste0(given[3], ending))
table <- switch(format,
  csv = read.csv(file(".csv"), na.strings = character(0), check.names = FALSE, encoding = "UTF-8"),
  sqlite = {
    connection <- DBI::dbConnect(RSQLite::SQLite(), file.path(given[2], "run.sqlite"))
    DBI::dbReadTable(connection, given[3], check.names = FALSE)
  },
  parquet = as.data.frame(arrow::read_parquet(file(".parquet"))),
  feather = as.data.frame(arrow::read_feather(file(".feather")))
)
said <- function(column) {
  if (is.character(column) || inherits(column, "integer64")) return(as.character(column))
  if (inherits(column, "Date")) return(base::format(column))
  if (inherits(column, "factor")) return(as.character(column))
  is_whole <- !is.na(column) & column == round(column) & abs(column) < 2^53
  ifelse(is.na(column), NA, ifelse(is_whole, sprintf("%.0f", column), sprintf("%.17g", column)))
}
cat(paste(names(table), collapse = "\t"), "\n", sep = "")
cat(do.call(paste, c(lapply(table, said), sep = "\t")), sep = "\n")
