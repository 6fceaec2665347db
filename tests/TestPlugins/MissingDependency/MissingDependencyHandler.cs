using Microsoft.Extensions.Logging;
using Newtonsoft.Json;
using Speedup.Abstractions;

namespace MissingDependency;

internal sealed partial class MissingDependencyHandler : ModuleHandler<TorchSharp.Modules.Conv1d>
{
    public MissingDependencyHandler(ILogger<MissingDependencyHandler> logger) =>
        Uses(logger, JsonConvert.SerializeObject(new { a = 1 }), typeof(JsonConvert).Assembly.GetName().Version!);

    public override void Relate(IRelations relations) { }

    [LoggerMessage(1, LogLevel.Information, "MissingDependency writes {Json} with Newtonsoft.Json {Version}")]
    private static partial void Uses(ILogger logger, string json, Version version);
}
