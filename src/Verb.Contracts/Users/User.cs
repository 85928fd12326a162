namespace Verb.Contracts;

/// <summary>Who someone is to the others: what goes over the wire as <c>user</c>.</summary>
/// <param name="Id">The user id: the token's <c>sub</c>, or an anonymous connection's <c>clientId</c>.</param>
/// <param name="Username">The name shown to others: 1 to 64 characters.</param>
/// <param name="Role">The first of the user's roles; <c>user</c> by default, <c>anonymous</c> without a token.</param>
public sealed record User(UserId Id, string Username, string Role)
{
    /// <summary>Who the host application and the HTTP API act as where they name nobody. No token may claim this id.</summary>
    public static User Application { get; } = new(new UserId("$application"), "application", Identity.AdminRole);
}
