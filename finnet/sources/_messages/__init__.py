"""What the readers of payment messages share: parties, accounts and banks, ISO 20022 and SWIFT's own text form."""
