namespace Verb.Server.Tests.Browser;

/// <summary>The tests that share <see cref="DemoHub"/>; they run one after the other.</summary>
[CollectionDefinition(nameof(BrowserTests), DisableParallelization = true)]
public sealed class BrowserTests : ICollectionFixture<DemoHub>;
