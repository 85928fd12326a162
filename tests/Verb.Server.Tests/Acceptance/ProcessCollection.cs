namespace Verb.Server.Tests.Acceptance;

/// <summary>Tests of whole processes run one after the other: they count, and share the machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection
{
    public const string Name = "Processes";
}
