"""What is written to be read by people: plain text, pages, office files, mail, tables. Labels come with formats."""
