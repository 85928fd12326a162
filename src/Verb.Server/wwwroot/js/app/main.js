import { VerbClient } from '../verb/verb.js';
import { addressesOf } from './addresses.js';
import { Composer } from './composer.js';
import { ConnectionLine } from './connection-line.js';
import { ConversationList } from './conversation-list.js';
import { ConversationView } from './conversation-view.js';
import { Conversations } from './conversations.js';
import { byId } from './element.js';
import { EventLog } from './event-log.js';
import { FileSending } from './file-sending.js';
import { Notifications } from './notifications.js';
import { panel } from './panels.js';
import { PeopleList } from './people-list.js';
import { Posting } from './posting.js';
import { loadPreferences, savePreferences } from './preferences.js';
import { PrivateMessages } from './private-messages.js';
import { RoomsOnPage } from './rooms-on-page.js';
import { SettingsDialog } from './settings-dialog.js';
import { StockBoard } from './stock-board.js';
import { toast } from './toasts.js';
import { TopicFeeds } from './topic-feeds.js';
import { TypingLine } from './typing-line.js';

const preferences = loadPreferences();
const eventLog = new EventLog();
const client = new VerbClient({
  addresses: preferences.addresses.length > 0 ? preferences.addresses : await addressesOf(location),
  token: preferences.token || null,
  session: preferences.session,
  attempts: 0,
  username: preferences.name || undefined,
  trace: (direction, frame) => eventLog.add(direction, frame),
});

const conversations = new Conversations();
const typing = new TypingLine(conversations);
const posting = new Posting(client, conversations);
const rooms = new RoomsOnPage(client, conversations, typing);
const privates = new PrivateMessages(client, conversations);
const notifications = new Notifications(client);
const stocks = new StockBoard(client);

new ConversationList(conversations);
new ConversationView(conversations, { retry: (entry) => posting.again(entry), hub: () => client.address });
new TopicFeeds(client, { onSymbol: (symbol) => stocks.add(symbol) });
new FileSending(client, conversations, { post: (conversation, message) => posting.post(conversation, message) });
const settings = new SettingsDialog(client, preferences);

const composer = new Composer(conversations, {
  send: (text) => posting.post(/** @type {any} */ (conversations.active), text),
  typing: () => { if (conversations.active?.kind === 'room') client.sendTyping(conversations.active.id); },
});

const line = new ConnectionLine(client, {
  addToken: () => settings.open({ forToken: true }),
  shut: (isShut) => {
    composer.shut(isShut);
    for (const part of ['join', 'stocks-card', 'topics-card']) byId(part).inert = isShut;
    document.body.classList.toggle('shut', isShut);
  },
});

new PeopleList(conversations, {
  me: () => client.user,
  choose: (user) => {
    privates.open(user);
    // On a phone people stand below the conversation.
    scrollTo(0, 0);
    composer.focus();
  },
});

panel('notifications', 'notifications-toggle', {
  opened: () => {
    notifications.seen();
    notifications.offer(client.user, conversations.everyone());
  },
});
panel('event-log', 'log-toggle');

const showMe = () => { byId('who').textContent = client.user?.username ?? '…'; };
client.on('connected', ({ session }) => savePreferences({ session }));
client.on('state', showMe);
client.on('username_set', showMe);
client.on('error', ({ code, message }) => toast(code, message));
client.on('auth_required', () => { if (!preferences.token) line.askForToken(); });
window.addEventListener('online', () => client.retryNow());
document.addEventListener('visibilitychange', () => { if (!document.hidden) client.retryNow(); });

byId('join').addEventListener('submit', (/** @type {Event} */ event) => {
  event.preventDefault();
  rooms.join(byId('join-room').value.trim());
  byId('join-room').value = '';
  composer.focus();
});
byId('leave').addEventListener('click', () => {
  const { active } = conversations;
  if (active?.kind === 'room') rooms.leave(active.id);
  else if (active) conversations.close(active.key);
});
conversations.addEventListener('list', () => savePreferences({ rooms: conversations.list('room').map(({ id }) => id) }));

for (const roomId of preferences.rooms) rooms.join(roomId, { look: false });
conversations.activate(conversations.list()[0]?.key);
client.connect().catch(() => {});
// On a phone the keyboard would cover half of what has just been opened.
if (!matchMedia('(max-width: 680px)').matches) composer.focus({ preventScroll: true });
