// Derives a key from a passphrase away from the page's thread: Argon2id takes about a second and must not freeze typing.
// In: { id, passphrase, salt, mKib, t, p }. Out: { id, key } or { id, error }.
import init, { derive_key } from '{{glue}}';

const ready = init();
ready.catch(() => {}); // told to whoever asks

self.onmessage = async ({ data: { id, passphrase, salt, mKib, t, p } }) => {
  try {
    await ready;
    const key = derive_key(passphrase, salt, mKib, t, p);
    self.postMessage({ id, key }, [key.buffer]);
  } catch (cause) {
    self.postMessage({ id, error: String(cause?.message ?? cause) });
  }
};
