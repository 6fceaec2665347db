using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Persistence;
using static TorchSharp.torch;

namespace QuickStart;

public static class Shrink
{
    public static SpeedupReport Run(nn.Module<Tensor, Tensor> model, string weights, string masks, string target)
    {
        StateDictFile.LoadInto(model, weights); // .pth as torch.save writes it, or .safetensors
        using Tensor example = randn(1, 1, 28, 28);
        SpeedupReport report = ModelSpeedup.Run(model, example, masks); // masks.pth as NNI's pruners write it

        // The model is smaller now, in place, and computes what the masked model computes.
        Console.WriteLine($"{report.ParametersBefore} -> {report.ParametersAfter} parameters");
        Console.WriteLine($"largest relative error {report.Verification.MaxRelativeError:0.0e+00}");
        foreach (KeptChannels kept in report.Kept)
            Console.WriteLine($"kept: {kept.Reason}");
        StateDictFile.Save(model, target);
        return report;
    }
}
