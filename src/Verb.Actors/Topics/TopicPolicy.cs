using System.ComponentModel.DataAnnotations;

namespace Verb.Actors.Topics;

/// <summary>Who may publish to and subscribe to the topics whose names match. Configuration: <c>Verb:Topics:N</c>.</summary>
public sealed record TopicPolicy
{
    /// <summary>A <see cref="Policies.Glob"/> over topics. Default <c>*</c>.</summary>
    [Required]
    public string Match { get; init; } = "*";

    /// <summary>Who may publish. Default <c>publisher</c> and <c>admin</c>.</summary>
    public IReadOnlyList<string> PublishRoles { get; init; } = ["publisher", "admin"];

    /// <summary>Who may subscribe; empty: everyone. Default empty.</summary>
    public IReadOnlyList<string> SubscribeRoles { get; init; } = [];
}
