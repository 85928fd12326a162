using System.Text.Json;
using Verb.Actors.Connections;
using Verb.Contracts;

namespace Verb.Gateway.Hosting;

/// <summary>What an admin may do through a connection: <c>stats</c>, <c>kick</c>, <c>close_room</c>, <c>broadcast</c>, <c>drain</c>.</summary>
internal sealed class AdminCommands : IAdminCommands
{
    private HubHost? _host;

    /// <summary>Gives it the hub that it commands; called once, before the first connection.</summary>
    public void Attach(HubHost host) => _host = host;

    public async ValueTask<Answer> Run(Command.Admin command, CancellationToken cancellation)
    {
        var node = _host!.Node;
        switch (command.Name)
        {
            case "stats":
                return Answer.Of(new ReplyBody.Json(_host.Status.ToJson()));
            case "kick":
                return command.User is { } user ? await node.KickAsync(user, cancellation) : Missing("userId");
            case "close_room":
                return command.Room is { } room ? await node.CloseRoomAsync(room, cancellation) : Missing("roomId");
            case "broadcast":
                node.Broadcast(BodyOf(command.Frame));
                return Answer.Done;
            case "drain":
                _ = _host.Drain.Run(CancellationToken.None);
                return Answer.Done;
            default:
                return Answer.Refused(ErrorCode.InvalidMessage, "The field 'command' must be stats, kick, close_room, broadcast or drain.");
        }
    }

    private static Answer Missing(string field) => Answer.Refused(ErrorCode.InvalidMessage, $"The field '{field}' is missing.");

    /// <summary>The command's frame without the fields that address it.</summary>
    private static byte[] BodyOf(ReadOnlyMemory<byte> frame)
    {
        using var document = JsonDocument.Parse(frame);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name is not ("type" or "id" or "command"))
                    property.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
