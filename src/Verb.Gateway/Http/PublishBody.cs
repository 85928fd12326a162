using Verb.Contracts;

namespace Verb.Gateway.Http;

/// <summary>The body of <c>POST /api/rooms/{roomId}/messages</c>: <c>{message, messageId?, user?}</c>; unknown fields are ignored.</summary>
/// <param name="Message">Any JSON value, the bytes that came.</param>
/// <param name="MessageId">The caller's id for it, or null.</param>
/// <param name="Sender">In whose name it is published, or null.</param>
internal sealed record PublishBody(ReadOnlyMemory<byte> Message, string? MessageId, User? Sender)
{
    private const string DefaultRole = "user";

    /// <summary>Reads valid JSON; null and what is wrong where it is no such body.</summary>
    public static PublishBody? Read(ReadOnlyMemory<byte> json, out string problem)
    {
        if (JsonFields.Scan(json, "The body", out problem) is not { } fields)
            return null;
        if (fields.Raw("message") is not { } message)
        {
            problem = "The field 'message' is missing.";
            return null;
        }

        if (Label(fields, "messageId", "messageId", out var messageId) is { } wrong)
        {
            problem = wrong;
            return null;
        }

        if (!fields.Has("user"))
            return new PublishBody(message, messageId, null);
        return ReadUser(fields.Raw("user")!.Value, out problem) is { } user ? new PublishBody(message, messageId, user) : null;
    }

    private static User? ReadUser(ReadOnlyMemory<byte> json, out string problem)
    {
        if (JsonFields.Scan(json, "The field 'user'", out problem) is not { } fields)
            return null;
        if (!UserId.TryParse(fields.Text("id"), out var id))
        {
            problem = $"The field 'user.id' must be {Identifier.NameRule}.";
            return null;
        }

        if (id == User.Application.Id)
        {
            problem = "The field 'user.id' names the hub's own user: leave 'user' out to publish as it.";
            return null;
        }

        if ((Label(fields, "username", "user.username", out var username) ?? Label(fields, "role", "user.role", out _)) is { } wrong)
        {
            problem = wrong;
            return null;
        }

        if (username is null && !Identifier.IsLabel(id.Value))
        {
            problem = "The field 'user.username' is missing, and 'user.id' is too long to stand for it.";
            return null;
        }

        return new User(id, username ?? id.Value, fields.Text("role") ?? DefaultRole);
    }

    /// <summary>What is wrong with an optional label; null where it is missing or good.</summary>
    private static string? Label(JsonFields fields, string name, string shown, out string? value)
    {
        value = fields.Text(name);
        return !fields.Has(name) || Identifier.IsLabel(value)
            ? null
            : $"The field '{shown}' must be a string of 1 to 64 characters without control characters.";
    }
}
