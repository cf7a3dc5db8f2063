"""Any authority that publishes by the Common Alerting Protocol."""
