import { createClient, type DaftariClient } from "@daftari/client";

/** As expo-secure-store has it. */
interface SecureStore {
  getItemAsync(key: string): Promise<string | null>;
  setItemAsync(key: string, value: string): Promise<void>;
  deleteItemAsync(key: string): Promise<void>;
}

/** As @react-native-community/netinfo has it. */
interface NetInfo {
  addEventListener(listener: (state: { isConnected: boolean | null }) => void): () => void;
}

const KEY = "daftari.session";

/** React Native: the session is kept in the key chain, and the phone says whether it has a network. */
export function connectPhone(url: string, store: SecureStore, netInfo: NetInfo): DaftariClient {
  let isOnline = true;
  return createClient({
    url,
    storage: {
      read: () => store.getItemAsync(KEY),
      write: (kept) => (kept === null ? store.deleteItemAsync(KEY) : store.setItemAsync(KEY, kept)),
    },
    network: {
      isOnline: () => isOnline,
      subscribe: (listener) =>
        netInfo.addEventListener((state) => {
          isOnline = state.isConnected !== false;
          listener();
        }),
    },
  });
}
