using System.Text;
using System.Text.Json;

namespace Verb.Contracts.Tests.Commands;

public sealed class CommandReaderPropertyTests
{
    private const int Cases = 20_000;

    private static readonly string[] Types =
    [
        "auth", "set_username", "ping", "join_room", "leave_room", "chat", "typing", "room_event", "members", "history", "private_message",
        "inbox_ack", "subscribe", "unsubscribe", "get_topics", "publish", "file_start", "file_end", "media", "admin_command", "quote",
    ];

    private static readonly string[] Names =
    [
        "id", "token", "username", "timestamp", "roomId", "since", "echo", "message", "messageId", "event", "data", "after", "before", "limit",
        "targetUserId", "seq", "topic", "symbol", "payload", "command", "userId", "name", "size", "mimeType", "uploadId", "epoch", "other",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "1", "-1", "1e400", "9223372036854775807", "9223372036854775808", "1.5", "\"\"", "\"a\"", "\"\\u0000\"",
        "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"ä\"", "[]", "{}", "{\"epoch\":\"e\",\"seq\":1}", "{\"epoch\":\"e\",\"seq\":-1}", "[[[[1]]]]",
        "\"" + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" + "\"",
    ];

    [Fact]
    public void Random_objects_are_a_command_or_an_error_and_never_both()
    {
        var (commands, errors) = (0, 0);
        for (var seed = 0; seed < Cases; seed++)
        {
            var frame = Encoding.UTF8.GetBytes(Draw(new Random(seed)));
            if (Check(frame, seed).Command is null)
                errors++;
            else
                commands++;
        }

        commands.ShouldBeGreaterThan(Cases / 20);
        errors.ShouldBeGreaterThan(Cases / 20);
    }

    [Fact]
    public void Mutated_bytes_are_a_command_or_an_error_and_never_both()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var frame = Encoding.UTF8.GetBytes(Draw(random)).ToList();
            for (var edit = random.Next(1, 8); edit > 0 && frame.Count > 0; edit--)
                Mutate(frame, random);
            Check([.. frame], seed);
        }
    }

    [Fact]
    public void Noise_is_an_error()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var noise = new byte[new Random(seed).Next(64)];
            new Random(seed).NextBytes(noise);
            Check(noise, seed);
        }
    }

    private static ParsedCommand Check(byte[] frame, int seed)
    {
        var parsed = CommandReader.Read(frame);
        (parsed.Command is null).ShouldBe(parsed.Error is not null, $"seed {seed}");
        if (parsed.Id is { } id)
            Identifier.IsLabel(id).ShouldBeTrue($"seed {seed}");
        if (parsed.Type is { } type)
            Identifier.IsLabel(type).ShouldBeTrue($"seed {seed}");
        if (parsed.Command is Command.Chat chat)
            JsonDocument.Parse(chat.Message).Dispose();
        if (parsed.Error is { Code: not ErrorCode.InvalidJson })
            JsonDocument.Parse(frame).Dispose();
        return parsed;
    }

    private static string Draw(Random random)
    {
        var frame = new StringBuilder("{\"type\":\"").Append(Types[random.Next(Types.Length)]).Append('"');
        foreach (var name in Names)
        {
            if (random.Next(3) == 0)
                continue;
            var value = random.Next(3) == 0 ? Values[random.Next(Values.Length)] : Likely(name, random);
            frame.Append(",\"").Append(name).Append("\":").Append(value);
        }

        return frame.Append('}').ToString();
    }

    private static string Likely(string name, Random random) => name switch
    {
        "timestamp" or "seq" or "size" or "limit" or "before" => random.Next(1, 100).ToString(System.Globalization.CultureInfo.InvariantCulture),
        "since" => "{\"epoch\":\"e\",\"seq\":1}",
        "echo" => "true",
        _ => "\"a\"",
    };

    private static void Mutate(List<byte> frame, Random random)
    {
        var place = random.Next(frame.Count);
        switch (random.Next(5))
        {
            case 0:
                frame[place] = (byte)random.Next(256);
                break;
            case 1:
                frame.RemoveAt(place);
                break;
            case 2:
                frame.Insert(place, (byte)"{}[]\",:\\0\0"[random.Next(10)]);
                break;
            case 3:
                frame.RemoveRange(place, frame.Count - place);
                break;
            default:
                frame.InsertRange(place, frame.Skip(place).Take(random.Next(20)).ToArray());
                break;
        }
    }
}
