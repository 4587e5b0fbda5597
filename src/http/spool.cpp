// SPDX-License-Identifier: Apache-2.0
#include "http/spool.hpp"

#include "base/file_descriptor.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace chartmuseum::http {

namespace {

/// An open file that has no name and is gone with its descriptor.
FileDescriptor nameless_file() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  if (error) return FileDescriptor();
  FileDescriptor file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file) return file;
  // File systems without O_TMPFILE (overlayfs of old kernels, NFS).
  std::string name = folder / "chartmuseum-XXXXXX";
  file = FileDescriptor(::mkostemp(name.data(), O_CLOEXEC));
  if (file) ::unlink(name.c_str());
  return file;
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

class Mapping {
 public:
  Mapping() = default;
  Mapping(int descriptor, std::size_t size)
      : address_(::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0)), size_(size) {
    if (address_ == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(address_, other.address_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Mapping() {
    if (size_ > 0) ::munmap(address_, size_);
  }

  [[nodiscard]] std::string_view view() const {
    return {static_cast<const char*>(address_), size_};
  }

 private:
  void* address_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace

struct Spool::State {
  explicit State(SpoolMemory memory) : most(memory.own), share(std::move(memory.shared)) {}

  std::uint64_t most;  // of text
  MemoryShare share;   // of text
  std::uint64_t size = 0;
  std::string text;
  FileDescriptor file;
  Mapping mapping;
};

Spool::Spool(SpoolMemory memory) : state_(std::make_unique<State>(std::move(memory))) {}
Spool::~Spool() = default;
Spool::Spool(Spool&&) noexcept = default;
Spool& Spool::operator=(Spool&&) noexcept = default;

bool Spool::append(std::string_view bytes) {
  State& state = *state_;
  if (!state.file && bytes.size() <= state.most - state.text.size() &&
      state.share.grow(bytes.size())) {
    state.text += bytes;
    state.size += bytes.size();
    return true;
  }
  if (!state.file) {
    state.file = nameless_file();
    if (!state.file || !write_all(state.file.get(), state.text)) return false;
    state.text = std::string();
    state.share.give_back();
  }
  if (!write_all(state.file.get(), bytes)) return false;
  state.size += bytes.size();
  return true;
}

std::string_view Spool::view() const {
  State& state = *state_;
  if (!state.file) return state.text;
  if (state.mapping.view().size() != state.size) {
    state.mapping = Mapping(state.file.get(), state.size);
  }
  return state.mapping.view();
}

std::uint64_t Spool::size() const {
  return state_->size;
}

bool Spool::in_memory() const {
  return !state_->file;
}

}  // namespace chartmuseum::http
