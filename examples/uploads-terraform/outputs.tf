output "bucket" {
  value = aws_s3_bucket.uploads.bucket
}

output "queue_url" {
  value = module.arrivals.url
}
