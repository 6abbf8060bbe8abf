environment = "prod"

# Uploads are evidence: a year.
retention_days    = 365
max_receive_count = 10
