variable "region" {
  type    = string
  default = "us-east-1"
}

variable "environment" {
  description = "Names every resource, so that environments may share an account."
  type        = string
}

variable "retention_days" {
  description = "How long uploads are kept."
  type        = number
  default     = 7

  validation {
    condition     = var.retention_days >= 1
    error_message = "Uploads are kept for a day at least."
  }
}

variable "max_receive_count" {
  type    = number
  default = 3
}
