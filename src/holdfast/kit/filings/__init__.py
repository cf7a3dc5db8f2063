"""Forms of authorities as data, the one fact base they read, and what two filings may not say."""
