"""Which alarms are on, minute by minute, computed from figures by CloudWatch's rules.

Enough of CloudWatch for the alarms that the playbooks set: statistics and metric math over a period, so many
bad ones of so many, what missing data means, and rules of alarms on alarms. A band of what is usual is not
learnt: such an alarm counts as quiet.
"""

import ast
import operator
import re
from collections.abc import Callable, Iterable
from typing import Any

Value = float | None
Figures = Callable[[int, str, str, frozenset[tuple[str, str]], str], Value]
"""Minute, namespace, metric, dimensions and statistic: what was measured in that minute, or None."""

SUMMED = {"Sum", "SampleCount"}
OPERATIONS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda a, b: a / b if b else None,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
}
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
}


class Evaluator:
    """`alarms` are metric and composite alarms as CloudWatch describes them."""

    def __init__(self, alarms: Iterable[dict[str, Any]], prefix: str, figures: Figures) -> None:
        by_name = {one["AlarmName"].removeprefix(f"{prefix}-"): one for one in alarms}
        self.rules = {name: one["AlarmRule"] for name, one in by_name.items() if "AlarmRule" in one}
        self.metric = {name: one for name, one in by_name.items() if name not in self.rules}
        self.prefix = prefix
        self.figures = figures

    def on(self, minute: int) -> set[str]:
        """The names, without the prefix, of all alarms that are on at the end of a minute."""
        on = {name for name, alarm in self.metric.items() if self._is_on(alarm, minute)}
        for name, rule in self._in_order():
            if self._holds(rule, on):
                on.add(name)
        return on

    def _in_order(self) -> list[tuple[str, str]]:
        """Rules after those that they name."""
        done: list[tuple[str, str]] = []
        left = dict(self.rules)
        while left:
            ready = [name for name, rule in left.items() if not self._named(rule) & left.keys()]
            done += [(name, left.pop(name)) for name in ready]
        return done

    def _named(self, rule: str) -> set[str]:
        return set(re.findall(rf'"{self.prefix}-(.+?)"', rule))

    def _holds(self, rule: str, on: set[str]) -> bool:
        words = re.sub(rf'ALARM\("{self.prefix}-(.+?)"\)', lambda found: str(found[1] in on), rule)
        words = words.replace("AND", "and").replace("OR", "or").replace("NOT", "not")
        assert re.fullmatch(r"(True|False|and|or|not|[() ])*", words), rule
        return bool(_value(ast.parse(words, mode="eval").body, {}))

    def _is_on(self, alarm: dict[str, Any], minute: int) -> bool:
        if alarm.get("ThresholdMetricId"):
            return False
        minutes = self._period(alarm) // 60
        if minutes > 60:
            return False  # of a day: nothing here lasts so long
        seen = alarm["EvaluationPeriods"]
        ends = [minute - minutes * back for back in range(seen)]
        bad = [self._is_bad(alarm, range(end - minutes + 1, end + 1)) for end in ends]
        return bad.count(True) >= (alarm.get("DatapointsToAlarm") or seen)

    def _is_bad(self, alarm: dict[str, Any], minutes: range) -> bool:
        value = self._of_alarm(alarm, minutes)
        if value is None:
            return bool(alarm["TreatMissingData"] == "breaching")
        return COMPARISONS[alarm["ComparisonOperator"]](float(value), alarm["Threshold"])

    @staticmethod
    def _period(alarm: dict[str, Any]) -> int:
        stats = [one["MetricStat"] for one in alarm.get("Metrics", []) if "MetricStat" in one]
        return int(stats[0]["Period"] if stats else alarm["Period"])

    def _of_alarm(self, alarm: dict[str, Any], minutes: range) -> Value:
        if not alarm.get("Metrics"):
            statistic = alarm.get("Statistic") or alarm["ExtendedStatistic"]
            return self._measured(alarm, statistic, minutes)
        known: dict[str, Value] = {}
        for query in alarm["Metrics"]:
            if "MetricStat" in query:
                stat = query["MetricStat"]
                known[query["Id"]] = self._measured(stat["Metric"], stat["Stat"], minutes)
        (result,) = [one["Expression"] for one in alarm["Metrics"] if one.get("ReturnData", True)]
        return computed(result, known)

    def _measured(self, metric: dict[str, Any], statistic: str, minutes: range) -> Value:
        by = frozenset((one["Name"], one["Value"]) for one in metric["Dimensions"])
        named = metric["Namespace"], metric["MetricName"], by, statistic
        found = [self.figures(minute, *named) for minute in minutes]
        values = [value for value in found if value is not None]
        if not values:
            return None
        if statistic in SUMMED:
            return sum(values)
        return min(values) if statistic == "Minimum" else max(values)


def computed(expression: str, known: dict[str, Value]) -> Value:
    """What CloudWatch's metric math makes of values of one moment. What is missing makes all missing."""
    words = re.sub(r"\bAND\b", "and", re.sub(r"\bOR\b", "or", expression))
    return _value(ast.parse(words, mode="eval").body, known)


def _value(node: ast.expr, known: dict[str, Value]) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return known[node.id]
        case ast.BoolOp():
            return _of_all(node.op, [_value(one, known) for one in node.values])
        case ast.UnaryOp(op=ast.Not()):
            return not _value(node.operand, known)
        case ast.BinOp():
            return _both(node.op, _value(node.left, known), _value(node.right, known))
        case ast.Compare():
            left, right = _value(node.left, known), _value(node.comparators[0], known)
            return _both(node.ops[0], left, right)
        case ast.Call():
            return _called(ast.unparse(node.func), node.args, known)
    raise AssertionError(f"{ast.dump(node)} is not emulated")


def _of_all(operation: ast.boolop, values: list[Any]) -> bool | None:
    if None in values:
        return None
    return any(values) if isinstance(operation, ast.Or) else all(values)


def _both(operation: ast.AST, left: Value, right: Value) -> Any:
    return None if None in (left, right) else OPERATIONS[type(operation)](left, right)


def _called(name: str, arguments: list[ast.expr], known: dict[str, Value]) -> Any:
    if name == "IF":
        condition = _value(arguments[0], known)
        return None if condition is None else _value(arguments[1 if condition else 2], known)
    if name == "FILL":
        value = _value(arguments[0], known)
        return _value(arguments[1], known) if value is None else value
    assert name == "PERIOD", f"{name} is not emulated"
    return 300
