using Sdk.Tests.Support;

[assembly: AssemblyFixture(typeof(Feed))]
