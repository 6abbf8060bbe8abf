/** Ranks actions, so that a review names those first that give the most away. */

/** Rights on rights, keys and secrets lead to every other right. */
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

export const worstOf = (actions: readonly string[]): number => Math.min(9, ...actions.map(severityOf));

const longest = 200;

/** As many items as fit, the gravest first, and the number of the items that are left out. */
export function listed(items: readonly string[], rank: (item: string) => number = severityOf): string {
  const sorted = [...items].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
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
