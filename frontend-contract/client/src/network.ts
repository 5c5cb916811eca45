/** Whether the device has a network, where it can tell. */
import { host } from "./host.ts";

export interface NetworkWatch {
  isOnline(): boolean;
  subscribe(listener: () => void): () => void;
}

/** What the browser says; a host that says nothing counts as online. */
export const hostNetwork: NetworkWatch = {
  isOnline: () => host.navigator?.onLine !== false,
  subscribe(listener) {
    host.addEventListener?.("online", listener);
    host.addEventListener?.("offline", listener);
    return () => {
      host.removeEventListener?.("online", listener);
      host.removeEventListener?.("offline", listener);
    };
  },
};
