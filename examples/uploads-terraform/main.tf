locals {
  name = "uploads-${var.environment}"
  tags = {
    service     = "uploads"
    environment = var.environment
  }
}

resource "aws_s3_bucket" "uploads" {
  bucket_prefix = "${local.name}-"
  force_destroy = var.environment != "prod"
}

resource "aws_s3_bucket_public_access_block" "uploads" {
  bucket                  = aws_s3_bucket.uploads.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_lifecycle_configuration" "uploads" {
  bucket = aws_s3_bucket.uploads.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = var.retention_days
    }
  }
}

module "arrivals" {
  source            = "./modules/queue"
  name              = "${local.name}-arrivals"
  max_receive_count = var.max_receive_count
}

data "aws_iam_policy_document" "arrivals" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [module.arrivals.arn]

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_s3_bucket.uploads.arn]
    }
  }
}

resource "aws_sqs_queue_policy" "arrivals" {
  queue_url = module.arrivals.url
  policy    = data.aws_iam_policy_document.arrivals.json
}

resource "aws_s3_bucket_notification" "uploads" {
  bucket = aws_s3_bucket.uploads.id

  queue {
    queue_arn = module.arrivals.arn
    events    = ["s3:ObjectCreated:*"]
  }

  depends_on = [aws_sqs_queue_policy.arrivals]
}
