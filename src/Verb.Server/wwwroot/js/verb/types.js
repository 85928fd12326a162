/**
 * The shapes of `verb.v1` that the client hands out. This module has no code.
 *
 * @typedef {object} User
 * @property {string} id
 * @property {string} username
 * @property {string} role
 *
 * @typedef {object} RoomMessage a message of a room's history
 * @property {number} seq
 * @property {string} messageId
 * @property {User} user
 * @property {any} message
 * @property {number} timestamp Unix milliseconds
 *
 * @typedef {object} DeliveredMessage the `message` event: each message of a room once, in order, however it came
 * @property {string} roomId
 * @property {string} epoch
 * @property {number} seq
 * @property {string} messageId
 * @property {User} user
 * @property {any} message
 * @property {number} timestamp
 * @property {boolean} own sent by this user
 * @property {boolean} replayed from history
 *
 * @typedef {object} Joined
 * @property {string} roomId
 * @property {number} userCount
 * @property {string} epoch
 * @property {number} seq
 * @property {boolean} [recovered]
 *
 * @typedef {object} Published
 * @property {string} roomId
 * @property {number} seq
 * @property {string} epoch
 * @property {string} messageId
 * @property {number} timestamp
 *
 * @typedef {object} UploadedFile
 * @property {string} uploadId
 * @property {string} filename
 * @property {number} size
 * @property {string} sha256
 * @property {string} url
 *
 * @typedef {'idle' | 'connecting' | 'open' | 'waiting' | 'closed'} State
 *
 * @typedef {object} StateChange the `state` event
 * @property {State} state
 * @property {string} [address] while `connecting` and `open`
 * @property {number} [attempt] while `waiting` and `connecting`: the try that comes next, from 1
 * @property {number} [delay] while `waiting`: milliseconds until it
 * @property {number} [code] the close code, while `waiting` and `closed`
 * @property {string} [reason] a sentence for people
 * @property {boolean} [gaveUp] while `closed`: all attempts were used
 *
 * @typedef {object} SocketLike what the client needs of a WebSocket
 * @property {string} [binaryType]
 * @property {number} bufferedAmount
 * @property {number} readyState
 * @property {(data: string | Uint8Array) => void} send
 * @property {(code?: number, reason?: string) => void} close
 * @property {((event: any) => void) | null} onopen
 * @property {((event: any) => void) | null} onmessage
 * @property {((event: any) => void) | null} onclose
 * @property {((event: any) => void) | null} onerror
 *
 * @typedef {object} Options
 * @property {string | string[]} [addresses] socket routes, tried in turn; a path (`/ws`, `./ws`) is one of the page's own host; by default `/ws`
 * @property {string | null | (() => string | null | Promise<string | null>)} [token] where it is a function, asked for anew before each try, before the token expires and once it has
 * @property {string | null} [session] a session kept from an earlier page
 * @property {string} [username] the name of an anonymous user, set on each connection
 * @property {number} [attempts] tries to come back before giving up (5; 0: never gives up)
 * @property {number} [connectTimeout] milliseconds until an unanswered try counts as failed (10 000)
 * @property {number} [requestTimeout] milliseconds until a command without a reply fails (30 000)
 * @property {number} [queueBound] commands kept while offline (100)
 * @property {boolean} [ackInbox] acknowledge notifications and private messages once handled (true)
 * @property {(direction: 'in' | 'out', frame: any) => void} [trace] sees each text frame
 * @property {(error: unknown) => void} [report] takes what a handler or the token function throws or rejects with (`console.error`)
 * @property {(url: string, protocols: string[]) => SocketLike} [createSocket]
 * @property {import('./clock.js').Clock} [clock]
 * @property {(woke: () => void) => () => void} [onWaking] calls back when the page may have slept, until what it gives back is called (see `waking.js`)
 * @property {() => number} [random]
 * @property {() => string} [newId] makes a `messageId`
 */
export {};
