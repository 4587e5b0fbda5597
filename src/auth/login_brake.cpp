// SPDX-License-Identifier: Apache-2.0
#include "auth/login_brake.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cstring>
#include <utility>

namespace chartmuseum::auth {

namespace {

using std::chrono::seconds;

/// How many more wrong guesses an address that has to wait may make of what was found right lately.
/// Without an end they could be about so many users that the table forgets other guesses.
constexpr unsigned kCheapTries = 500;

/// What counts as one address: of IPv6 the /64, which one site has for itself.
std::string site_of(std::string_view address) {
  const std::string text(address.substr(0, address.find('%')));
  in6_addr bytes{};
  if (::inet_pton(AF_INET6, text.c_str(), &bytes) != 1) return std::string(address);
  std::array<char, INET6_ADDRSTRLEN> printed{};
  if (IN6_IS_ADDR_V4MAPPED(&bytes)) {
    ::inet_ntop(AF_INET, bytes.s6_addr + 12, printed.data(), printed.size());
    return printed.data();
  }
  std::fill(bytes.s6_addr + 8, bytes.s6_addr + 16, std::uint8_t{0});
  ::inet_ntop(AF_INET6, &bytes, printed.data(), printed.size());
  return std::string(printed.data()) + "/64";
}

std::uint64_t short_hash(const KeyedHash& hash, std::initializer_list<std::string_view> parts) {
  const KeyedDigest digest = hash(parts);
  std::uint64_t number = 0;
  std::memcpy(&number, digest.data(), sizeof number);
  return number | 1;  // 0 stands for nobody
}

}  // namespace

LoginBrake::LoginBrake(Settings settings) : settings_(std::move(settings)) {}

LoginBrake::Decision LoginBrake::check(const Login& login) {
  const TimePoint now = settings_.clock();
  if (now >= quiet_from_.load()) return {};
  const Keys keys = keys_of(login);

  const std::lock_guard lock(mutex_);
  if (const SeenLogin* right = find_right(keys.login);
      right != nullptr && now - right->seen < settings_.known_right_for) {
    return {};
  }
  Entry* user = find(keys.user, now);
  Entry* address = find(keys.address, now);
  if (user != nullptr) {
    const auto known = std::ranges::find(user->wrong, keys.login, &SeenLogin::login);
    if (known != user->wrong.end()) {
      if (now - known->seen < settings_.known_wrong_for) return {Verdict::known_wrong, seconds(0)};
      // If the password was changed in the meantime, it gets in; who guesses learns nothing new.
      return {};
    }
  }
  if (const seconds wait = time_to_wait(user, now); wait > seconds(0)) {
    return {Verdict::wait, wait};
  }
  reserve(user, settings_.free_failures, now);
  if (const seconds wait = time_to_wait(address, now); wait > seconds(0)) {
    const bool cheap = address->failures < settings_.free_failures_of_address + kCheapTries;
    return {cheap ? Verdict::try_cheaply : Verdict::wait, wait};
  }
  reserve(address, settings_.free_failures_of_address, now);
  return {};
}

void LoginBrake::failed(const Login& login) {
  const TimePoint now = settings_.clock();
  const Keys keys = keys_of(login);
  bool begins = false;
  {
    const std::lock_guard lock(mutex_);
    quiet_from_.store(now + settings_.forgotten_after);
    if (SeenLogin* right = find_right(keys.login)) *right = {};  // the password was changed
    Entry& user = find_or_add(keys.user, now);
    const auto known = std::ranges::find(user.wrong, keys.login, &SeenLogin::login);
    if (known != user.wrong.end()) {
      known->seen = now;
      return;
    }
    std::ranges::rotate(user.wrong, user.wrong.end() - 1);
    user.wrong.front() = {keys.login, now};
    begins = count(user, settings_.free_failures, now);
    if (count(find_or_add(keys.address, now), settings_.free_failures_of_address, now)) {
      begins = true;
    }
  }
  if (begins) {
    // Not the user: people type passwords there.
    settings_.log.warn("Many failed logins; further ones have to wait",
                       {{"address", site_of(login.address)}});
  }
}

void LoginBrake::succeeded(const Login& login) {
  const TimePoint now = settings_.clock();
  const std::uint64_t key = login_key(login);
  const std::lock_guard lock(mutex_);
  SeenLogin* place = find_right(key);
  if (place == nullptr) {
    place = &*std::ranges::min_element(right_[(key >> 1) % kRightSets], {}, &SeenLogin::seen);
  }
  *place = {key, now};
}

LoginBrake::Keys LoginBrake::keys_of(const Login& login) const {
  const std::string site = site_of(login.address);
  return {short_hash(hash_, {site}), short_hash(hash_, {site, login.user}), login_key(login)};
}

std::uint64_t LoginBrake::login_key(const Login& login) const {
  return short_hash(hash_, {site_of(login.address), login.user, login.password});
}

LoginBrake::SeenLogin* LoginBrake::find_right(std::uint64_t login) {
  RightLogins& set = right_[(login >> 1) % kRightSets];
  const auto found = std::ranges::find(set, login, &SeenLogin::login);
  return found == set.end() ? nullptr : &*found;
}

LoginBrake::Entry* LoginBrake::find(std::uint64_t key, TimePoint now) {
  Set& set = sets_[(key >> 1) % kSets];
  const auto found = std::ranges::find(set, key, &Entry::key);
  if (found == set.end() || now - found->last >= settings_.forgotten_after) return nullptr;
  return &*found;
}

LoginBrake::Entry& LoginBrake::find_or_add(std::uint64_t key, TimePoint now) {
  if (Entry* found = find(key, now)) return *found;
  Set& set = sets_[(key >> 1) % kSets];
  auto place = std::ranges::find(set, key, &Entry::key);
  if (place == set.end()) place = std::ranges::min_element(set, {}, &Entry::last);
  *place = Entry{.key = key, .last = now};
  return *place;
}

/// In whole seconds, rounded up.
seconds LoginBrake::time_to_wait(const Entry* entry, TimePoint now) const {
  if (entry == nullptr || now >= entry->open) return seconds(0);
  return std::chrono::ceil<seconds>(entry->open - now);
}

/// Of the guesses that arrive together once the wait is over, only the first is looked at.
void LoginBrake::reserve(Entry* entry, unsigned free_failures, TimePoint now) const {
  if (entry == nullptr || entry->failures < free_failures) return;
  entry->open = opening(entry->failures, free_failures, now);
}

/// Whether from now on there is a wait.
bool LoginBrake::count(Entry& entry, unsigned free_failures, TimePoint now) const {
  ++entry.failures;
  entry.last = now;
  if (entry.failures < free_failures) return false;
  entry.open = opening(entry.failures, free_failures, now);
  return entry.failures == free_failures;
}

/// 1, 2, 4 ... seconds after the last free failure and those that follow it.
LoginBrake::TimePoint LoginBrake::opening(unsigned failures, unsigned free_failures,
                                          TimePoint now) const {
  const unsigned doublings = std::min(failures - free_failures, 20U);
  return now + std::min(seconds(1U << doublings), settings_.longest_wait);
}

}  // namespace chartmuseum::auth
