using Microsoft.Extensions.Logging;
using Newtonsoft.Json;
using Speedup.Abstractions;
using TestModules;

namespace SharesModules;

internal sealed partial class DoublerHandler : ModuleHandler<Doubler>
{
    public DoublerHandler(ILogger<DoublerHandler> logger) => Uses(logger, typeof(JsonConvert).Assembly.GetName().Version!);

    public override void Relate(IRelations relations) => Elementwise.Relate(relations);

    [LoggerMessage(1, LogLevel.Information, "SharesModules uses Newtonsoft.Json {Version}")]
    private static partial void Uses(ILogger logger, Version version);
}
