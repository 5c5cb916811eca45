/** Where the page starts: one session, one socket, one fetcher, and the page that shows them. */
import "./workers";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./style.css";
import "./feed.css";
import "./narrow.css";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { loadDemoUsers } from "./demo-users";
import { library } from "./examples";
import { createFetcher } from "./fetcher";
import { post } from "./http";
import { createSession } from "./session";
import { createSocket } from "./socket";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

const session = createSession(post, sessionStorage);
const socket = createSocket(session);
void loadDemoUsers();

createRoot(root).render(<App fetcher={createFetcher(post, session, socket)} session={session} socket={socket} library={library} />);
