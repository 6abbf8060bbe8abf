/**
 * Decides whether a moment is inside the window of a DeploymentWindow rule, whose cron expression is like
 * Quartz's.
 */

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** The local time in a time zone. `weekday` counts from 1 for Sunday, as Quartz does. */
type WallTime = {
  readonly second: number;
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
  readonly year: number;
};

/**
 * `zone` is `Region/City`, `UTC+02:00`, `UTC` or an abbreviation that the runtime knows. Undefined for an
 * unknown zone.
 */
export function wallTime(at: Date, zone: string): WallTime | undefined {
  const offset = /^(?:UTC|GMT)([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(zone);
  const minutes =
    offset === null ? 0 : (Number(offset[2]) * 60 + Number(offset[3] ?? 0)) * (offset[1] === "-" ? -1 : 1);
  try {
    const parts = new Intl.DateTimeFormat("en-US", {
      timeZone: offset === null ? zone : "UTC",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    }).formatToParts(new Date(at.getTime() + minutes * 60_000));
    const part = (type: string): number => Number(parts.find((found) => found.type === type)?.value);
    const [year, month, day] = [part("year"), part("month"), part("day")];
    const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
    return { second: part("second"), minute: part("minute"), hour: part("hour"), day, month, weekday, year };
  } catch {
    return undefined;
  }
}

/** Returns undefined for an expression that is not valid. */
export function cronMatches(expression: string, time: WallTime): boolean | undefined {
  const fields = expression.trim().split(/\s+/);
  if (fields.length < 6 || fields.length > 7) return undefined;
  const [, minute = "*", hour = "*", day = "*", month = "*", weekday = "*", year = "*"] = fields;
  const verdicts = [
    // Seconds are not checked, because a window lasts minutes.
    matches(minute, time.minute, 0, 59),
    matches(hour, time.hour, 0, 23),
    matchesDay(day, time),
    matches(named(month, MONTHS, 1), time.month, 1, 12),
    matchesWeekday(named(weekday, DAYS, 1), time),
    matches(year, time.year, 1970, 2199),
  ];
  return verdicts.includes(undefined) ? undefined : verdicts.every((verdict) => verdict === true);
}

const named = (field: string, names: readonly string[], base: number): string =>
  field.toUpperCase().replace(/[A-Z]{3}/g, (name) => {
    const index = names.indexOf(name);
    return index < 0 ? name : String(index + base);
  });

/**
 * Accepts `*`, `?`, `5`, `1-5`, every quarter as `*` and a step of 15, `9-17/2`, and lists of such fields.
 */
function matches(field: string, value: number, low: number, high: number): boolean | undefined {
  let found = false;
  for (const part of field.split(",")) {
    const parsed = /^(\*|\?|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(part);
    if (parsed === null) return undefined;
    const [, first = "*", last, step] = parsed;
    const any = first === "*" || first === "?";
    const from = any ? low : Number(first);
    const to = last !== undefined ? Number(last) : any || step !== undefined ? high : from;
    if (from < low || to > high || from > to) return undefined;
    if (value >= from && value <= to && (value - from) % Number(step ?? 1) === 0) found = true;
  }
  return found;
}

function matchesDay(field: string, time: WallTime): boolean | undefined {
  const last = daysIn(time);
  if (field === "L") return time.day === last;
  const nearest = /^(\d+|L)W$/.exec(field)?.[1];
  if (nearest === undefined) return matches(field, time.day, 1, 31);
  const wanted = Math.min(nearest === "L" ? last : Number(nearest), last);
  const falls = weekdayOf(time, wanted);
  const shift = falls === 7 ? (wanted === 1 ? 2 : -1) : falls === 1 ? (wanted === last ? -2 : 1) : 0;
  return time.day === wanted + shift;
}

function matchesWeekday(field: string, time: WallTime): boolean | undefined {
  const nth = /^([1-7])#([1-5])$/.exec(field);
  if (nth !== null) return time.weekday === Number(nth[1]) && Math.ceil(time.day / 7) === Number(nth[2]);
  const last = /^([1-7])L$/.exec(field)?.[1];
  if (last !== undefined) return time.weekday === Number(last) && time.day + 7 > daysIn(time);
  return matches(field === "L" ? "7" : field, time.weekday, 1, 7);
}

const daysIn = ({ year, month }: WallTime): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
const weekdayOf = ({ year, month }: WallTime, day: number): number =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
