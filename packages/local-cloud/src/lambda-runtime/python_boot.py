"""Runs first in the process of a Python function: loads the handler and answers invocations, one JSON line each."""
import importlib, json, os, sys, time, traceback

out = os.fdopen(3, "w", buffering=1)
commands = os.fdopen(4, "r")
os.environ.clear()
os.environ.update(json.loads(commands.readline())["env"])
time.tzset()


def say(message):
    out.write(json.dumps(message) + "\n")
    out.flush()


class Log:
    """Output takes the same way out as answers, so that their order is kept."""

    def write(self, text):
        say({"kind": "log", "text": text})
        return len(text)

    def flush(self):
        pass


sys.stdout = sys.stderr = Log()


def fault_of(error, request_id=""):
    # The frame of this file is not the function's.
    frames = traceback.format_tb(error.__traceback__.tb_next if error.__traceback__ else None)
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": request_id,
        "stackTrace": frames,
    }


class Context:
    def __init__(self, message):
        self.aws_request_id = message["id"]
        self.invoked_function_arn = message["functionArn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.client_context = None
        self._deadline = message["deadline"]

    def get_remaining_time_in_millis(self):
        return max(0, int(self._deadline - time.time() * 1000))


def load():
    sys.path[:0] = [p for p in (os.environ["LAMBDA_TASK_ROOT"], os.environ.get("LAMBDA_OPT_PYTHON")) if p]
    os.chdir(os.environ["LAMBDA_TASK_ROOT"])
    name, _, function = os.environ["_HANDLER"].rpartition(".")
    try:
        module = importlib.import_module(name.replace("/", "."))
    except ModuleNotFoundError as error:
        raise RuntimeError("Runtime.ImportModuleError", f"Unable to import module '{name}': {error}")
    handler = getattr(module, function, None)
    if handler is None:
        raise RuntimeError("Runtime.HandlerNotFound", f"Handler '{function}' missing on module '{name}'")
    return handler


try:
    handler = load()
except RuntimeError as error:
    kind, message = error.args if len(error.args) == 2 else ("RuntimeError", str(error))
    say({"kind": "init-error", "fault": {"errorType": kind, "errorMessage": message, "trace": []}})
    sys.exit(1)
except BaseException as error:
    say({"kind": "init-error", "fault": fault_of(error)})
    sys.exit(1)

say({"kind": "ready"})
for line in commands:
    message = json.loads(line)
    os.environ["_X_AMZN_TRACE_ID"] = message["traceId"]
    try:
        result = handler(json.loads(message["event"]), Context(message))
        say({"kind": "result", "id": message["id"], "payload": json.dumps(result)})
    except Exception as error:
        fault = fault_of(error, message["id"])
        print(f"[ERROR] {fault['errorType']}: {error}\nTraceback (most recent call last):\n{''.join(fault['stackTrace'])}")
        say({"kind": "fault", "id": message["id"], "fault": fault})
