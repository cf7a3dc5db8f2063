"""UK OPSS: product safety alerts, reports and recalls, published on GOV.UK."""
