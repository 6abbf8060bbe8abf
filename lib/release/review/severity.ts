/** Ranks actions by risk. A review lists the gravest first. */

/** An action on IAM, keys or secrets can grant further rights. */
const sensitive =
  /^(iam|sts|kms|secretsmanager|organizations|sso|sso-admin|ram):|^ssm:(get|\*)|^lambda:(addpermission|updatefunctioncode)|^s3:putbucketpolicy|^\w+:\*$/i;
const reads = /^[\w-]+:(Get|List|Describe|BatchGet|Query|Scan|Head|Read|View)/i;

/** 0 is the gravest. `…` stands for parts that are not known. */
function severityOf(action: string): number {
  if (action === "*" || action === "*:*" || action.startsWith("…")) return 0;
  if (/^(iam|sts|kms|secretsmanager|organizations):[^:]*\*/i.test(action)) return 1;
  if (sensitive.test(action)) return 2;
  if (action.includes("*") || action.includes("…")) return 3;
  return reads.test(action) ? 5 : 4;
}

/** A list in a template may have more actions than a call may have arguments. */
export const worstOf = (actions: readonly string[]): number =>
  actions.reduce((worst, action) => Math.min(worst, severityOf(action)), 9);

const longest = 200;

/** As many items as fit, the gravest first, and the number of the items that are left out. */
export function listed(items: readonly string[], rank: (item: string) => number = severityOf): string {
  const sorted = items
    .map((item) => ({ item, at: rank(item) }))
    .sort((a, b) => a.at - b.at || (a.item < b.item ? -1 : 1))
    .map(({ item }) => item);
  const shown: string[] = [];
  for (const item of sorted) {
    const text = item.length > longest ? `${item.slice(0, longest)}…` : item;
    if (shown.length > 0 && [...shown, text].join(", ").length > longest) break;
    shown.push(text);
  }
  const more = items.length - shown.length;
  return more === 0 ? shown.join(", ") : `${shown.join(", ")} and ${more} more`;
}

/** `*` is the widest resource or principal. */
export const widestFirst = (item: string): number => (item === "*" ? 0 : item.includes("*") ? 1 : 2);
