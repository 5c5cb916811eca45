// socket.io with one room, fed from Redis: no GraphQL, no selections; a broadcast is encoded and framed once for all.
// No sign-in, no rights, no log.
import { createServer } from "node:http";
import { Server } from "socket.io";
import { hear } from "./told.mjs";

const ROOM = "newInvoiceListed";
const server = createServer((_, response) => response.end("ok"));
const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false, path: "/socket.io" });
io.on("connection", (socket) => socket.on("join", (room) => socket.join(room)));
await hear((event) => io.to(ROOM).emit(ROOM, event));
server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => console.log(server.address().port));
