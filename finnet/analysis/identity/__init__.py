"""How alike two parties are: names, identifiers, dates and places compared, each part shown."""
