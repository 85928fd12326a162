using System.Text.Json;

namespace Verb.Contracts;

/// <summary>Each event's JSON.</summary>
internal static class EventWriter
{
    private static readonly string[] HubFields = ["type", "messageId", "seq", "timestamp"];
    private static readonly string[] BroadcastFields = ["type", "timestamp"];

    public static void Write(Utf8JsonWriter json, ServerEvent serverEvent)
    {
        json.WriteStartObject();
        switch (serverEvent)
        {
            case ServerEvent.Chat e:
                json.WriteString("type"u8, "chat"u8);
                json.WriteString("roomId"u8, e.Room.Value);
                json.WriteNumber("seq"u8, e.Seq);
                json.WriteString("epoch"u8, e.Epoch);
                WriteMessage(json, e.MessageId, e.User, e.Message, e.Timestamp);
                break;
            case ServerEvent.TopicUpdate e:
                json.WriteString("type"u8, "data"u8);
                json.WriteString("topic"u8, e.Topic.Value);
                json.WriteNumber("seq"u8, e.Seq);
                WriteRaw(json, "data"u8, e.Body);
                json.WriteNumber("timestamp"u8, e.Timestamp);
                break;
            case ServerEvent.StockUpdate e:
                json.WriteString("type"u8, "stock_update"u8);
                json.WriteString("symbol"u8, e.Symbol);
                WriteRaw(json, "price"u8, e.Price);
                WriteRaw(json, "change"u8, e.Change);
                json.WriteNumber("seq"u8, e.Seq);
                json.WriteNumber("timestamp"u8, e.Timestamp);
                break;
            case ServerEvent.RoomEvent e:
                json.WriteString("type"u8, "room_event"u8);
                json.WriteString("roomId"u8, e.Room.Value);
                json.WriteString("event"u8, e.Event);
                WriteUser(json, "user"u8, e.User);
                WriteRaw(json, "data"u8, e.Body);
                json.WriteNumber("timestamp"u8, e.Timestamp);
                break;
            case ServerEvent.UserTyping e:
                json.WriteString("type"u8, "user_typing"u8);
                json.WriteString("roomId"u8, e.Room.Value);
                WriteUser(json, "user"u8, e.User);
                break;
            case ServerEvent.Pong e:
                json.WriteString("type"u8, "pong"u8);
                WriteRaw(json, "timestamp"u8, e.Timestamp);
                json.WriteNumber("serverTime"u8, e.ServerTime);
                break;
            case ServerEvent.UserJoined e:
                WritePresence(json, "user_joined"u8, e.Room, e.User, e.UserCount);
                break;
            case ServerEvent.UserLeft e:
                WritePresence(json, "user_left"u8, e.Room, e.User, e.UserCount);
                break;
            case ServerEvent.RoomPresence e:
                WritePresence(json, "room_presence"u8, e.Room, null, e.UserCount);
                break;
            case ServerEvent.JoinedRoom e:
                json.WriteString("type"u8, "joined_room"u8);
                json.WriteString("roomId"u8, e.Room.Value);
                json.WriteNumber("userCount"u8, e.UserCount);
                json.WriteString("epoch"u8, e.Epoch);
                json.WriteNumber("seq"u8, e.Seq);
                WriteFlag(json, "recovered"u8, e.Recovered);
                break;
            case ServerEvent.MessageHistory e:
                json.WriteString("type"u8, "message_history"u8);
                json.WriteString("roomId"u8, e.Room.Value);
                json.WriteString("epoch"u8, e.Epoch);
                WriteFlag(json, "recovered"u8, e.Recovered);
                if (e.More)
                    json.WriteBoolean("more"u8, true);
                WriteMessages(json, e.Messages);
                break;
            case ServerEvent.LeftRoom e:
                json.WriteString("type"u8, "left_room"u8);
                json.WriteString("roomId"u8, e.Room.Value);
                break;
            case ServerEvent.PrivateMessage e:
                json.WriteString("type"u8, "private_message"u8);
                json.WriteString("messageId"u8, e.MessageId);
                json.WriteNumber("seq"u8, e.Seq);
                WriteUser(json, "from"u8, e.From);
                WriteRaw(json, "message"u8, e.Message);
                json.WriteNumber("timestamp"u8, e.Timestamp);
                break;
            case ServerEvent.Notification e:
                json.WriteString("type"u8, "notification"u8);
                json.WriteString("messageId"u8, e.MessageId);
                json.WriteNumber("seq"u8, e.Seq);
                WriteFieldsOf(json, e.Body, HubFields);
                json.WriteNumber("timestamp"u8, e.Timestamp);
                break;
            case ServerEvent.Broadcast e:
                json.WriteString("type"u8, "broadcast"u8);
                WriteFieldsOf(json, e.Body, BroadcastFields);
                json.WriteNumber("timestamp"u8, e.Timestamp);
                break;
            case ServerEvent.Subscribed e:
                json.WriteString("type"u8, "subscribed"u8);
                json.WriteString("topic"u8, e.Topic.Value);
                break;
            case ServerEvent.Unsubscribed e:
                json.WriteString("type"u8, "unsubscribed"u8);
                json.WriteString("topic"u8, e.Topic.Value);
                break;
            case ServerEvent.Topics e:
                json.WriteString("type"u8, "topics"u8);
                WriteTopics(json, e.Names);
                break;
            case ServerEvent.FileUploaded e:
                json.WriteString("type"u8, "file_uploaded"u8);
                WriteFile(json, e.UploadId, e.Filename, e.Size, e.Sha256, e.Url);
                break;
            case ServerEvent.Error e:
                json.WriteString("type"u8, "error"u8);
                WriteErrorFields(json, e.Problem);
                if (e.Command is { } command)
                    json.WriteString("command"u8, command);
                break;
            default:
                WriteConnectionEvent(json, serverEvent);
                break;
        }

        json.WriteEndObject();
    }

    public static void WriteErrorFields(Utf8JsonWriter json, CommandError error)
    {
        json.WriteString("code"u8, error.Code.WireName());
        json.WriteString("message"u8, error.Message);
        if (error.RetryAfter is { } retryAfter)
            json.WriteNumber("retryAfter"u8, retryAfter);
    }

    public static void WriteUser(Utf8JsonWriter json, ReadOnlySpan<byte> name, User user)
    {
        json.WritePropertyName(name);
        WriteUser(json, user);
    }

    public static void WriteUser(Utf8JsonWriter json, User user)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, user.Id.Value);
        json.WriteString("username"u8, user.Username);
        json.WriteString("role"u8, user.Role);
        json.WriteEndObject();
    }

    /// <summary>Writes a raw JSON value; nothing where it is empty.</summary>
    public static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlyMemory<byte> value)
    {
        if (value.IsEmpty)
            return;
        json.WritePropertyName(name);
        json.WriteRawValue(value.Span, skipInputValidation: true);
    }

    public static void WriteFlag(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } flag)
            json.WriteBoolean(name, flag);
    }

    public static void WriteMessages(Utf8JsonWriter json, IReadOnlyList<HistoryMessage> messages)
    {
        json.WriteStartArray("messages"u8);
        foreach (var message in messages)
        {
            json.WriteStartObject();
            json.WriteNumber("seq"u8, message.Seq);
            WriteMessage(json, message.MessageId, message.User, message.Message, message.Timestamp);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void WriteTopics(Utf8JsonWriter json, IReadOnlyList<TopicName> topics)
    {
        json.WriteStartArray("topics"u8);
        foreach (var topic in topics)
            json.WriteStringValue(topic.Value);
        json.WriteEndArray();
    }

    public static void WriteFile(Utf8JsonWriter json, string uploadId, string filename, long size, string sha256, string url)
    {
        json.WriteString("uploadId"u8, uploadId);
        json.WriteString("filename"u8, filename);
        json.WriteNumber("size"u8, size);
        json.WriteString("sha256"u8, sha256);
        json.WriteString("url"u8, url);
    }

    private static void WriteConnectionEvent(Utf8JsonWriter json, ServerEvent serverEvent)
    {
        switch (serverEvent)
        {
            case ServerEvent.Connected e:
                json.WriteString("type"u8, "connected"u8);
                json.WriteString("clientId"u8, e.ClientId);
                json.WriteString("session"u8, e.Session);
                json.WriteString("node"u8, e.Node);
                json.WriteNumber("serverTime"u8, e.ServerTime);
                if (e.User is { } user)
                    WriteUser(json, "user"u8, user);
                else
                    json.WriteNull("user"u8);
                json.WriteStartObject("heartbeat"u8);
                json.WriteNumber("interval"u8, e.HeartbeatInterval);
                json.WriteNumber("timeout"u8, e.HeartbeatTimeout);
                json.WriteEndObject();
                break;
            case ServerEvent.AuthRequired e:
                json.WriteString("type"u8, "auth_required"u8);
                json.WriteNumber("timeout"u8, e.Timeout);
                break;
            case ServerEvent.AuthSuccess e:
                json.WriteString("type"u8, "auth_success"u8);
                WriteUser(json, "user"u8, e.User);
                if (e.ExpiresAt is { } expiresAt)
                    json.WriteNumber("expiresAt"u8, expiresAt);
                break;
            case ServerEvent.AuthFailed e:
                json.WriteString("type"u8, "auth_failed"u8);
                json.WriteString("message"u8, e.Message);
                break;
            case ServerEvent.AuthTimeout e:
                json.WriteString("type"u8, "auth_timeout"u8);
                json.WriteString("message"u8, e.Message);
                break;
            case ServerEvent.AuthExpiring e:
                json.WriteString("type"u8, "auth_expiring"u8);
                json.WriteNumber("expiresAt"u8, e.ExpiresAt);
                break;
            case ServerEvent.UsernameSet e:
                json.WriteString("type"u8, "username_set"u8);
                json.WriteString("username"u8, e.Username);
                break;
            case ServerEvent.ServerShutdown e:
                json.WriteString("type"u8, "server_shutdown"u8);
                json.WriteString("message"u8, e.Message);
                json.WriteNumber("reconnectAfter"u8, e.ReconnectAfter);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(serverEvent), serverEvent.GetType().Name, "No wire format.");
        }
    }

    private static void WriteMessage(Utf8JsonWriter json, string messageId, User user, ReadOnlyMemory<byte> message, long timestamp)
    {
        json.WriteString("messageId"u8, messageId);
        WriteUser(json, "user"u8, user);
        WriteRaw(json, "message"u8, message);
        json.WriteNumber("timestamp"u8, timestamp);
    }

    private static void WritePresence(Utf8JsonWriter json, ReadOnlySpan<byte> type, RoomId room, User? user, int userCount)
    {
        json.WriteString("type"u8, type);
        json.WriteString("roomId"u8, room.Value);
        if (user is not null)
            WriteUser(json, "user"u8, user);
        json.WriteNumber("userCount"u8, userCount);
    }

    /// <summary>Lays an object's fields beside the hub's own, which win; each as the bytes that came.</summary>
    private static void WriteFieldsOf(Utf8JsonWriter json, ReadOnlyMemory<byte> body, string[] taken)
    {
        var reader = new Utf8JsonReader(body.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isTaken = IsOneOf(ref reader, taken);
            var start = (int)reader.TokenStartIndex;
            reader.Read();
            reader.Skip();

            // Name and value in one piece: to the writer an item like any other, with its comma.
            if (!isTaken)
                json.WriteRawValue(body.Span[start..(int)reader.BytesConsumed], skipInputValidation: true);
        }
    }

    private static bool IsOneOf(ref Utf8JsonReader reader, string[] names)
    {
        try
        {
            foreach (var name in names)
            {
                if (reader.ValueTextEquals(name))
                    return true;
            }
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate: valid JSON, and none of ours.
        }

        return false;
    }
}
