using System.Reflection;
using Microsoft.Extensions.Logging;
using Speedup.Core.Pipeline;
using Xunit;

namespace Core.Tests.Architecture;

/// <summary>A host tells log events apart by their ids.</summary>
public sealed class LogEventTests
{
    [Fact]
    public void Events_OfTheEngine_HaveIdsOfTheirOwn()
    {
        (int Id, string Name)[] events =
        [
            .. typeof(IModelSpeedup)
                .Assembly.GetTypes()
                .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
                .Select(method => (method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId, method.Name))
                .Where(found => found.EventId is not null)
                .Select(found => (found.EventId!.Value, found.Name)),
        ];

        Assert.True(events.Length > 10);
        Assert.All(events.GroupBy(found => found.Id), alike => Assert.Single(alike));
    }
}
