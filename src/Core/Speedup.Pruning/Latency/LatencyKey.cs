using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Speedup.Core.Pipeline;
using Speedup.Pruning.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Pruning.Latency;

/// <summary>What a table of latencies holds for: machine, threads, model and input.</summary>
internal static class LatencyKey
{
    /// <summary>A text that is the same where a table holds, and other elsewhere.</summary>
    public static string Of(PruningRequest request, IReadOnlyList<Tensor> inputs, LatencyOptions options, SpeedupOptions? speedup)
    {
        var text = new StringBuilder();
        text.AppendJoin(
            '|',
            Environment.MachineName,
            RuntimeInformation.OSDescription,
            RuntimeInformation.ProcessArchitecture,
            Environment.ProcessorCount,
            get_num_threads(),
            typeof(Tensor).Assembly.GetName().Version,
            request.Model.GetType().AssemblyQualifiedName,
            request.MaskedMembers,
            speedup?.Policy,
            options.Passes,
            string.Join(',', options.Fractions.Select(fraction => fraction.ToString("R", CultureInfo.InvariantCulture)))
        );
        foreach (Tensor input in inputs)
            text.Append('|').Append(Describe(input));
        foreach ((string name, Tensor tensor) in request.Model.state_dict())
            text.Append('|').Append(name).Append(Describe(tensor));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static string Describe(Tensor tensor) => $"{tensor.dtype}[{string.Join(',', tensor.shape)}]{tensor.device}";
}
