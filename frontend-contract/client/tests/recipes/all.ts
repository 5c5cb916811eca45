/** The recipes that need no page and no phone, by what they do. */
export { statement as addUp } from "../../recipes/add-up.ts";
export { apolloOver } from "../../recipes/apollo.ts";
export { explained, walletIn } from "../../recipes/ask.ts";
export { watchConnection } from "../../recipes/badge.ts";
export { followBalance } from "../../recipes/follow.ts";
export { pay } from "../../recipes/pay.ts";
export { takeEvents } from "../../recipes/program.ts";
export { connect } from "../../recipes/sign-in.ts";
export { urqlOver } from "../../recipes/urql.ts";
