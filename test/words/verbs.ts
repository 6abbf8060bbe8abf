/**
 * Lists the verbs that titles and comments of this repository use. A missing verb is added here.
 * The rules need the third person (`refuses`) and, after a plural subject, the base form (`two lines share`).
 */
import { wordSet } from "./word-set.ts";

/** These words are verbs wherever they stand. */
const verbs = `
accept achieve acknowledge acquire act adapt add adjust admit adopt agree align allow analyse announce appear append
apply approve arrive ask assert assign associate assume attach audit authenticate authorize avoid await bail ban beat
become begin behave belong bind blame boot bootstrap break bring buffer bundle bury calculate cancel capture carry
cause choose cite clamp clash clean clear clone coerce collapse collect combine come commit compare compile complain
complete compose compress compute concatenate conceal concern condense configure confirm conflict confuse connect
consist consult consume contain continue contradict convert convey correct correlate cover crash crawl create decide
declare decline decode decompress deduplicate define delay delegate delete delimit deliver demand demote deny depend
derive describe deserve destroy detach detect determine deviate die differ disable disagree disappear discard
discourage discover dislike dispatch dispose distinguish divide doubt drain ease eject eliminate embed emit empty
emulate enable encode encrypt enforce enjoy enqueue enrich enrol ensure enter enumerate equal escalate estimate
evaluate evict exceed exclude execute exercise exhaust exist expand expect expel expire explain expose extract fail
fear federate fetch find finish flatten flush follow forbid forget format forward free freeze gather generate get give
go grow guarantee guess handle hang happen harden harm have hear hide hint hit hold identify ignore imply impose
include increase infer inform inherit initialise initialize inject injure inline insert insist inspect install
instantiate intercept interpret interrupt intersect introduce invalidate invent invert invite invoke involve isolate
iterate judge jump keep kill know lack lag launch lead leak learn leave lengthen let lie list listen live load locate
lock look loosen lose lower make manage mean measure mention merge migrate mirror mislead misread modify monitor move
multiply mutate narrow need negotiate normalise normalize notice notify obey observe obtain occupy occur offer omit
open operate orchestrate outlive overflow overlap override oversee overtake overwrite own pack paginate pair parse
pass pause peek penalise perform permit persist pick poll populate postpone precede preempt prefer prepare prepend
preserve presume prevail prevent print prioritise prioritize proceed produce prohibit promise promote propagate
protect prove provide prune publish purge put quarantine quit raise randomise reach react read realise reappear
reassign rebuild recall receive reclaim recognise recognize reconnect recover recreate redact reduce refactor refer
refine refuse regard regenerate register reindex reinstall reissue reject relate relax reload relocate rely remain
remap remember remind remove rename render renew reopen reorder repair repeat replace replay reply represent reproduce
require rerun reschedule rescue reserve resize resolve respect respond rest restart restate restore restrict resubmit
resume resync retain retarget retrieve reuse revert revive revoke reword rewrite rise rotate run sanitise sanitize
satisfy save say schedule scrub see seem select send separate serialise serialize serve settle share shed shorten
shrink shut simplify simulate sit skip sleep slide slow smooth sneak solve spawn spare speak specify spell spend splice
spread squash stall stand start starve stay steal stop store strengthen stretch strip stumble submit subscribe
substitute subtract succeed suffer suggest supersede supply support suppress surrender surround survive suspect
suspend swallow swap switch synthesise synthesize take tamper tear tell terminate test think throttle throw thwart
tighten toggle tolerate touch translate transmit travel treat trim truncate try turn unblock underline understand undo
unfold unlock unmarshal unpack unroll unset unsubscribe untag untie unwrap update upgrade upload use utilise validate
vanish verify violate visit vote vouch wait wake want warn weaken wear widen win wipe wish withdraw work wrap write
yield
`;

/** These words are nouns as well. They count as verbs only where their neighbours say so. */
const nounsToo = `
abort access account action address advance aim alarm alert alias answer archive attempt balance block boost bound
build bump burst bypass cache call cap chain challenge change charge check chunk claim class close code comment copy
count credit cross cut damage deal debug default deploy diff display document double download draft draw drift drop
dump duplicate echo edit effect end escape exchange exit export face fall fill filter fire fit fix flag float flow
fold force fork form function gain gate grant group guard halt hand hash head help issue join label land layer level
limit link log loop map mark mask match matter miss mount name nest note offset order output partition patch pay phase
pin pipe place plan play point pool prefix press probe process project prompt proof proxy pull push query question
quote range rank rate reconcile record redirect redrive reference refresh region relay release report request reset
result retry return reveal reverse review reward risk roll round route row rule sample scale scan scope score screen
seal search seed sense sequence set shadow shape shift show side sign signal slice slot snapshot sort space split
stack stage state statement step stick stream string stub suffix sum surface sweep tag target tie time token trace
track trade transfer transform transition traverse trigger trust type value vary view walk watch wave weigh
`;

const auxiliaries =
  "is are was were has have had does do did can cannot could may might must shall should will would needs";

const thirdPerson = (verb: string): string => {
  if (verb === "have") return "has";
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh|[^o]o)$/.test(verb) ? `${verb}es` : `${verb}s`;
};

const forms = (list: string): { readonly base: ReadonlySet<string>; readonly third: ReadonlySet<string> } => {
  const base = wordSet(list);
  return { base, third: new Set([...base].map(thirdPerson)) };
};

const [clear, ambiguous, auxiliary] = [forms(verbs), forms(nounsToo), wordSet(auxiliaries)];

export const isAuxiliary = (word: string): boolean => auxiliary.has(word);
export const isBaseForm = (word: string): boolean => clear.base.has(word);
export const isThirdPerson = (word: string): boolean => clear.third.has(word);
export const isBaseFormOrNoun = (word: string): boolean => ambiguous.base.has(word);
export const isThirdPersonOrNoun = (word: string): boolean => ambiguous.third.has(word);
