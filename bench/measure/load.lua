-- What wrk measured, as one line of JSON.
function done(summary, latency)
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"bytes":%d,"error_answers":%d,"broken":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration, summary.bytes, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
