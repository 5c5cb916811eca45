/** What a test of a client team imports. */
export { Feeds, type Said } from "./feeds.ts";
export { mockHandlers, type Handlers } from "./handlers.ts";
export { MockDaftari, type Answer, type MockOptions, type Request } from "./mock.ts";
