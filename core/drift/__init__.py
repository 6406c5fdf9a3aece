"""Did the values of a source change their nature? Statistics over columns, without a look at the pages."""
