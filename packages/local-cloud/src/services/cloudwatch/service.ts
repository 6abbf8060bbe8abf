/** Serves Amazon CloudWatch: metrics and alarms, in the three protocols of its clients. */
import * as sdk from "@aws-sdk/client-cloudwatch";
import { defineService } from "#cloud/kernel/service.ts";
import {
  deleteAlarms,
  describeAlarms,
  disableAlarmActions,
  enableAlarmActions,
  putMetricAlarm,
  setAlarmState,
} from "./alarms.ts";
import { watchAlarm } from "./evaluate.ts";
import { getMetricData, getMetricStatistics, listMetrics, putMetricData } from "./metrics.ts";
import { type CloudwatchState, cloudwatchState } from "./state.ts";

export const cloudwatch = defineService<CloudwatchState, typeof sdk>(
  {
    // Requests are signed for "monitoring", while the IAM actions begin with "cloudwatch".
    name: "monitoring",
    sdk,
    protocols: ["cbor", "json-1.0", "query"],
    target: "GraniteServiceVersion20100801",
    xmlNamespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
    state: cloudwatchState,
    start: ({ locations, stateOf, clock, cloud }) => {
      for (const { account, region } of locations()) {
        const state = stateOf(account, region);
        for (const name of state.alarms.keys()) watchAlarm(name, { state, clock, cloud });
      }
    },
  },
  {
    DeleteAlarms: deleteAlarms,
    DescribeAlarms: describeAlarms,
    DisableAlarmActions: disableAlarmActions,
    EnableAlarmActions: enableAlarmActions,
    GetMetricData: getMetricData,
    GetMetricStatistics: getMetricStatistics,
    ListMetrics: listMetrics,
    PutMetricAlarm: putMetricAlarm,
    PutMetricData: putMetricData,
    SetAlarmState: setAlarmState,
  },
);
