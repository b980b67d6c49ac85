"""Taking the caseload in from spreadsheets, and giving it out."""
