/** Counts the metrics of the anchor's alarms in CloudWatch. */
import { type CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { Metrics } from "#ports/metrics.ts";
import { metrics } from "#release/names/deployed-names.ts";

export const metricsCloudwatch = (cloudwatch: CloudWatchClient): Metrics => ({
  environmentStopped: async () => {
    const datum = { MetricName: metrics.stopped, Value: 1, Unit: "Count" } as const;
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: metrics.namespace, MetricData: [datum] }));
  },
});
