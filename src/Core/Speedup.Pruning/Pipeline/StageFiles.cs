using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Speedup.Core.SmallModels;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Pruning.Pipeline;

/// <summary>Writes what a stage hands on into its folder, and reads it for the next.</summary>
internal sealed class StageFiles(PipelineFolder folder)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The folder of a stage, such as <c>02-fine-tune</c>.</summary>
    public static string NameOf(int position, string stage) => string.Create(CultureInfo.InvariantCulture, $"{position:00}-{stage}");

    /// <summary>Puts a model that is fresh from the factory into the state of a record.</summary>
    public PipelineState Load(nn.Module model, StageRecord? record)
    {
        if (record?.Model is { } file)
        {
            if (record.IsSmall)
                SmallModel.Load(model, folder.PathOf(file.Path));
            else
                StateDictFile.LoadInto(model, folder.PathOf(file.Path));
        }
        MaskSet? masks = record?.Masks is { } path ? MaskFile.Load(folder.PathOf(path.Path)) : null;
        return new PipelineState(model, record?.IsSmall == true, masks);
    }

    /// <summary>Writes the result of a stage; what it does not change stays in the files of those before.</summary>
    public StageRecord Save(StageContext context, IPipelineStage stage, string stageFolder, string fingerprint, StageRecord? before)
    {
        bool changesModel = stage.Effects.HasFlag(StageEffects.Model);
        List<RecordedFile> files = [.. context.Files.Select(folder.Describe)];
        AddJson(files, $"{stageFolder}/metrics.json", context.Metrics);
        AddJson(files, $"{stageFolder}/report.json", context.Report is { } report ? report with { Phases = [] } : null);
        return new StageRecord(
            stage.Name,
            fingerprint,
            changesModel ? SaveModel(context, stageFolder) : before?.Model,
            changesModel ? context.IsSmall : before?.IsSmall == true,
            stage.Effects.HasFlag(StageEffects.Masks) ? SaveMasks(context.Masks, stageFolder) : before?.Masks,
            context.Metrics,
            files
        );
    }

    private RecordedFile SaveModel(StageContext context, string stageFolder)
    {
        string path = $"{stageFolder}/model.{(context.IsSmall ? "speedup" : "safetensors")}";
        if (context.IsSmall)
            SmallModel.Save(context.Model, folder.PathOf(path));
        else
            StateDictFile.Save(context.Model, folder.PathOf(path));
        return folder.Describe(path);
    }

    private RecordedFile? SaveMasks(MaskSet? masks, string stageFolder)
    {
        if (masks is null)
            return null;
        string path = $"{stageFolder}/masks.safetensors";
        MaskFile.Save(masks, folder.PathOf(path));
        return folder.Describe(path);
    }

    private void AddJson<T>(List<RecordedFile> files, string path, T? value)
        where T : class
    {
        if (value is null)
            return;
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(value, Options);
        AtomicFile.Write(folder.PathOf(path), stream => stream.Write(bytes));
        files.Add(folder.Describe(path));
    }
}
