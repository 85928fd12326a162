using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Unicode;

namespace Verb.Contracts;

/// <summary>Reads one text frame: JSON to a <see cref="Command"/>, or to the refusal that answers it. Never throws.</summary>
public static class CommandReader
{
    /// <summary>The largest file a <c>file_start</c> may name, in bytes; the hub's own limit is lower.</summary>
    public const long MaxFileSize = 1L << 40;

    private static readonly FrozenSet<string> Types = FrozenSet.Create(
        "chat", "ping", "typing", "room_event", "publish", "auth",
        "set_username", "join_room", "leave_room", "members", "history", "private_message",
        "inbox_ack", "subscribe", "unsubscribe", "get_topics", "file_start", "file_end",
        "media", "admin_command");

    /// <summary>Whether <paramref name="type"/> is a command of the protocol; any other type is a request.</summary>
    public static bool IsCommand(string type) => Types.Contains(type);

    /// <summary>Reads <paramref name="utf8"/>, the payload of one text frame. The result holds no reference to it.</summary>
    public static ParsedCommand Read(ReadOnlySpan<byte> utf8)
    {
        // The JSON reader takes any bytes within a string, and what is forwarded must not break the frames of others.
        if (!Utf8.IsValid(utf8))
            return ParsedCommand.Refused(ErrorCode.InvalidJson, "The frame is not valid UTF-8.");
        FieldReader fields;
        try
        {
            fields = FieldReader.Scan(utf8, out var isObject);
            if (!isObject)
                return ParsedCommand.Refused(ErrorCode.InvalidJson, "A frame is one JSON object.");
        }
        catch (JsonException)
        {
            return ParsedCommand.Refused(ErrorCode.InvalidJson, "The frame is not valid JSON.");
        }

        var id = fields.Label(Field.Id);
        var type = fields.RequiredLabel(Field.Type);
        if (fields.Error is { } early)
            return ParsedCommand.Refused(ErrorCode.InvalidMessage, early, Identifier.IsLabel(id) ? id : null, Identifier.IsLabel(type) ? type : null);

        var command = ReadFields(type, id, ref fields, utf8);
        return fields.Error is { } error
            ? ParsedCommand.Refused(ErrorCode.InvalidMessage, error, id, type)
            : ParsedCommand.Of(command);
    }

    /// <summary>
    /// Refuses a frame that is larger than a command may be, with the command's id and type where they can be read from
    /// <paramref name="beginning"/>: the frame, or as much of it as was kept.
    /// </summary>
    public static ParsedCommand RefuseTooLarge(ReadOnlySpan<byte> beginning, int mostBytes)
    {
        var fields = FieldReader.ScanBeginning(beginning);
        var id = fields.Label(Field.Id);
        var type = fields.Label(Field.Type);
        return ParsedCommand.Refused(
            ErrorCode.PayloadTooLarge,
            $"A command has at most {mostBytes} bytes.",
            Identifier.IsLabel(id) ? id : null,
            Identifier.IsLabel(type) ? type : null);
    }

    private static Command ReadFields(string type, string? id, ref FieldReader fields, ReadOnlySpan<byte> frame) => type switch
    {
        "chat" => new Command.Chat(id, fields.Room(), fields.RequiredJson(Field.Message), fields.Label(Field.MessageId)),
        "ping" => new Command.Ping(id, fields.Number(Field.Timestamp)),
        "typing" => new Command.Typing(id, fields.Room()),
        "room_event" => new Command.SendRoomEvent(id, fields.Room(), fields.RequiredLabel(Field.Event), fields.RequiredJson(Field.Data)),
        "publish" => new Command.Publish(id, Topic(ref fields), fields.RequiredJson(Field.Data)),
        "auth" => new Command.Authenticate(id, fields.RequiredText(Field.Token)),
        "set_username" => new Command.SetUsername(id, fields.RequiredLabel(Field.Username)),
        "join_room" => new Command.JoinRoom(id, fields.Room(), fields.Position(Field.Since), fields.Flag(Field.Echo)),
        "leave_room" => new Command.LeaveRoom(id, fields.Room()),
        "members" => new Command.Members(id, fields.Room(), fields.NameOrNull(Field.After), Limit(ref fields, Command.Members.MaxLimit, Command.Members.MaxLimit)),
        "history" => History(id, ref fields),
        "private_message" => new Command.SendPrivateMessage(id, Target(ref fields), fields.RequiredJson(Field.Message), fields.Label(Field.MessageId)),
        "inbox_ack" => new Command.InboxAck(id, fields.RequiredInteger(Field.Seq, 0, long.MaxValue)),
        "subscribe" => new Command.Subscribe(id, Topic(ref fields)),
        "unsubscribe" => new Command.Unsubscribe(id, Topic(ref fields)),
        "get_topics" => new Command.GetTopics(id),
        "file_start" => new Command.FileStart(
            id, fields.RequiredText(Field.Name), fields.RequiredInteger(Field.Size, 0, MaxFileSize), fields.RequiredText(Field.MimeType), fields.RoomOrNull(Field.RoomId),
            (int?)fields.Integer(Field.ChunkSize, Command.FileStart.LeastChunkSize, int.MaxValue)),
        "file_end" => new Command.FileEnd(id, fields.RequiredLabel(Field.UploadId)),
        "media" => new Command.Media(id, fields.Room()),
        "admin_command" => new Command.Admin(
            id, fields.RequiredLabel(Field.Command), User(ref fields), fields.RoomOrNull(Field.RoomId), frame.ToArray()),
        _ => new Command.Request(id, type, fields.Has(Field.Payload) ? fields.Raw(Field.Payload).ToArray() : "null"u8.ToArray()),
    };

    private static Command.History History(string? id, ref FieldReader fields)
    {
        var since = fields.Position(Field.Since);
        var before = fields.Integer(Field.Before, 1, long.MaxValue);
        if (since is not null && before is not null)
            fields.Fail(Field.Before, "cannot stand beside 'since'");
        return new Command.History(id, fields.Room(), since, before, Limit(ref fields, Command.History.DefaultLimit, Command.History.MaxLimit));
    }

    private static int Limit(ref FieldReader fields, int byDefault, int most) => (int)(fields.Integer(Field.Limit, 1, most) ?? byDefault);

    private static UserId? User(ref FieldReader fields) => fields.NameOrNull(Field.UserId) is { } name ? new UserId(name) : null;

    private static UserId Target(ref FieldReader fields) => fields.RequiredName(Field.TargetUserId) is { } name ? new UserId(name) : default;

    /// <summary><c>topic</c>, or <c>symbol</c> as short for the topic <c>stocks/SYMBOL</c>.</summary>
    private static TopicName Topic(ref FieldReader fields)
    {
        if (!fields.Has(Field.Symbol))
            return fields.Topic(Field.Topic);
        if (fields.Has(Field.Topic))
            fields.Fail(Field.Symbol, "cannot stand beside 'topic'");
        var symbol = fields.RequiredName(Field.Symbol);
        if (symbol is null)
            return default;
        if (TopicName.TryParse(StockTopic.Prefix + symbol, out var name))
            return name;
        fields.Fail(Field.Symbol, Identifier.HasDots(symbol) ? $"must be {Identifier.NameRule}" : "is too long");
        return default;
    }
}
