namespace Verb.Contracts;

/// <summary>What a connection has proven about its user.</summary>
/// <param name="User">The user as others see it.</param>
/// <param name="Roles">Every role of the user; the first is <see cref="User.Role"/>.</param>
/// <param name="ExpiresAt">When the token expires, Unix milliseconds; null for an anonymous user or a token without expiry.</param>
public sealed record Identity(User User, IReadOnlyList<string> Roles, long? ExpiresAt)
{
    /// <summary>The role of a user without a token.</summary>
    public const string AnonymousRole = "anonymous";

    /// <summary>The role that may do everything.</summary>
    public const string AdminRole = "admin";

    /// <summary>An anonymous identity; its user id is the connection's client id.</summary>
    public static Identity Anonymous(UserId clientId, string username) =>
        new(new User(clientId, username, AnonymousRole), [AnonymousRole], null);

    /// <summary>Whether no token stands behind this identity.</summary>
    public bool IsAnonymous => User.Role == AnonymousRole;

    /// <summary>Whether the user has the role <c>admin</c>.</summary>
    public bool IsAdmin => Roles.Contains(AdminRole);

    /// <summary>Whether the user has one of <paramref name="roles"/>; an empty list allows everyone, an admin passes always.</summary>
    public bool HasAny(IReadOnlyList<string> roles)
    {
        if (roles.Count == 0 || IsAdmin)
            return true;
        foreach (var role in roles)
        {
            if (Roles.Contains(role))
                return true;
        }

        return false;
    }
}
