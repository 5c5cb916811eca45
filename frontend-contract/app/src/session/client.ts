/** The one client of the app. It speaks to the origin that served the page. */
import { createClient } from "@daftari/client";

import { keeping } from "./keeping";

export const client = createClient({ url: "/graphql", storage: keeping });
