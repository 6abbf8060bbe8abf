/** Parses the schedule expressions `rate(…)` and `cron(…)` and computes their next run, in UTC. */

const MINUTE = 60_000;
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE, hour: 60 * MINUTE, day: 1440 * MINUTE };
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** A schedule without a further run, such as one of a past year, is valid too. */
export const isSchedule = (expression: string): boolean =>
  readRate(expression) !== undefined || readCron(expression) !== undefined;

/** Returns the first run after `after`; a rate counts from `since`. Undefined: no further run, or invalid text. */
export function nextRun(expression: string, after: Date, since: Date): Date | undefined {
  const period = readRate(expression);
  if (period !== undefined) {
    const passed = Math.floor((after.getTime() - since.getTime()) / period);
    return new Date(since.getTime() + (passed + 1) * period);
  }
  const cron = readCron(expression);
  return cron && nextCron(cron, after);
}

/** Returns the period of a rate. AWS requires `rate(1 minute)` but `rate(5 minutes)` (User Guide, "Rate expressions"). */
function readRate(expression: string): number | undefined {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression);
  const count = Number(rate?.[1] ?? 0);
  if (count === 0 || (count === 1) !== (rate?.[3] === "")) return undefined;
  return count * (UNITS[rate?.[2] ?? ""] ?? MINUTE);
}

type Day = { readonly year: number; readonly month: number; readonly day: number };
type DayTest = (day: Day) => boolean;

type Cron = {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
  readonly matches: DayTest;
};

function readCron(expression: string): Cron | undefined {
  const fields = (/^cron\((.+)\)$/.exec(expression)?.[1] ?? "").trim().split(/\s+/);
  const [minuteField = "", hourField = "", dayField = "", monthField = "", weekField = "", yearField = ""] =
    fields;
  if (fields.length !== 6 || (dayField === "?") === (weekField === "?")) return undefined;
  const minutes = numbers(minuteField, 0, 59);
  const hours = numbers(hourField, 0, 23);
  const months = numbers(named(monthField, MONTHS, 1), 1, 12);
  const years = numbers(yearField, 1970, 2199);
  const matches = weekField === "?" ? dayOfMonth(dayField) : dayOfWeek(weekField);
  if (!minutes || !hours || !months || !years || !matches) return undefined;
  return { minutes, hours, months, years, matches };
}

function nextCron({ minutes, hours, months, years, matches }: Cron, after: Date): Date | undefined {
  const start = new Date(Math.floor(after.getTime() / MINUTE) * MINUTE + MINUTE);
  const cursor = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()));
  while (cursor.getUTCFullYear() <= Math.max(...years)) {
    const day = { year: cursor.getUTCFullYear(), month: cursor.getUTCMonth() + 1, day: cursor.getUTCDate() };
    if (years.has(day.year) && months.has(day.month) && matches(day)) {
      for (const hour of [...hours].sort((left, right) => left - right))
        for (const minute of [...minutes].sort((left, right) => left - right)) {
          const run = new Date(cursor.getTime() + (hour * 60 + minute) * MINUTE);
          if (run >= start) return run;
        }
    }
    cursor.setUTCDate(cursor.getUTCDate() + 1);
  }
  return undefined;
}

const named = (field: string, names: readonly string[], first: number): string =>
  field.toUpperCase().replace(/[A-Z]{3}/g, (name) => {
    const index = names.indexOf(name);
    return index < 0 ? name : String(index + first);
  });

/** Returns the numbers of a field such as `*`, `5`, `1,2`, `1-5`, `0/15` or `10-40/10`. */
function numbers(field: string, low: number, high: number): ReadonlySet<number> | undefined {
  const found = new Set<number>();
  for (const part of field.split(",")) {
    const match = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const from = match[1] === "*" ? low : Number(match[1]);
    const to =
      match[2] !== undefined ? Number(match[2]) : match[1] === "*" || match[3] !== undefined ? high : from;
    const step = Number(match[3] ?? 1);
    if (from < low || to > high || from > to || step < 1) return undefined;
    for (let number = from; number <= to; number += step) found.add(number);
  }
  return found;
}

const lastOf = ({ year, month }: Day): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
const weekday = ({ year, month, day }: Day): number =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;

function dayOfMonth(field: string): DayTest | undefined {
  if (field === "L") return (day) => day.day === lastOf(day);
  const nearest = /^(\d+)W$/.exec(field);
  if (nearest !== null) return (day) => day.day === nearestWeekday(day, Number(nearest[1]));
  const days = numbers(field, 1, 31);
  return days && (({ day }) => days.has(day));
}

function nearestWeekday(day: Day, wanted: number): number {
  const target = Math.min(wanted, lastOf(day));
  const week = weekday({ ...day, day: target });
  if (week === 7) return target > 1 ? target - 1 : target + 2;
  if (week === 1) return target < lastOf(day) ? target + 1 : target - 2;
  return target;
}

function dayOfWeek(field: string): DayTest | undefined {
  const text = named(field, DAYS, 1);
  if (text === "L") return (day) => weekday(day) === 7;
  const last = /^(\d)L$/.exec(text);
  if (last !== null) return (day) => weekday(day) === Number(last[1]) && day.day + 7 > lastOf(day);
  const nth = /^(\d)#([1-5])$/.exec(text);
  if (nth !== null)
    return (day) => weekday(day) === Number(nth[1]) && Math.ceil(day.day / 7) === Number(nth[2]);
  const days = numbers(text, 1, 7);
  return days && ((day) => days.has(weekday(day)));
}
